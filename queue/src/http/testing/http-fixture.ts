/** A running HTTP service over a model of four weights, in process, with a key of every role. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '@zkinfer/core';
import type { ModelDescription, Overview, Quote } from '@zkinfer/core/service';
import { API_KEY_ROLES, type ApiKeyRole } from '../../api-keys/api-key.ts';
import { createApiKey } from '../../api-keys/api-key-file.ts';
import { ApiKeys } from '../../api-keys/api-keys.ts';
import { DirectoryBlobStore } from '../../artifacts/directory-blob-store.ts';
import { DirectoryModelStore } from '../../artifacts/directory-model-store.ts';
import { InProcessBackend } from '../../backend/in-process-backend.ts';
import { UrlFetcher } from '../../fetch-url/url-fetcher.ts';
import { envelopeFromReals } from '../../inputs/envelope-from-reals.ts';
import { EnvelopeShelf } from '../../inputs/envelope-shelf.ts';
import { Pipeline } from '../../jobs/pipeline.ts';
import { describeModel } from '../../models/describe-model.ts';
import { LevelStore } from '../../store/level-store.ts';
import { smallNetwork, writeProvableTestModel } from '../../testing/small-model.ts';
import { createHttpService, type HttpService } from '../http-service.ts';
import { EXAMPLES } from '../open-api-examples.ts';
import type { HttpServiceOptions } from '../service-ports.ts';

/** What a test may change. */
export type FixtureOptions = Partial<HttpServiceOptions>;

/** A service and what it stands on. */
export interface HttpFixture {
  readonly url: string;
  readonly service: HttpService;
  readonly folder: string;
  readonly keysPath: string;
  /** The text of the key of each role; its name is the role. */
  readonly keyOf: Readonly<Record<ApiKeyRole, string>>;
  readonly store: LevelStore;
  readonly pipeline: Pipeline;
  readonly backend: InProcessBackend;
  readonly blobs: DirectoryBlobStore;
  readonly model: ModelDescription;
  readonly overview: Overview;
  close(): Promise<void>;
}

/** All models of a run are in one folder, since keys take a second. */
let modelFolder: Promise<string> | undefined;

/** Starts it on a free port of loopback. */
export async function startHttpFixture(options: FixtureOptions = {}): Promise<HttpFixture> {
  modelFolder ??= writeModels();
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-http-'));
  const store = await LevelStore.open(join(folder, 'store'));
  const backend = await InProcessBackend.open(store);
  const pipeline = new Pipeline({ store });
  const blobs = new DirectoryBlobStore(join(folder, 'blobs'));
  const modelFiles = new DirectoryModelStore({ directory: await modelFolder });
  const models = await Promise.all(
    (await modelFiles.list()).map(async (digest) => describeModel(await modelFiles.open(digest))),
  );
  const model = models[0]!;
  const { keysPath, keyOf } = await writeKeys(folder);
  const overview = structuredClone(EXAMPLES.Overview) as unknown as Overview;
  const service = await createHttpService({
    store,
    pipeline,
    backend,
    blobs,
    models: {
      list: async () => models,
      get: async (digest) => models.find(({ modelDigest }) => modelDigest === digest),
    },
    modelFiles,
    envelopes: await EnvelopeShelf.open({ store, blobs }),
    urls: new UrlFetcher(),
    keys: await ApiKeys.open(keysPath, { reloadMs: 0 }),
    quotes: async (modelDigest) => ({ ...(EXAMPLES.Quote as unknown as Quote), modelDigest }),
    overview: async () => overview,
    port: 0,
    ...options,
  });
  const url = await service.listen();
  const close = async () => {
    await service.close();
    await backend.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url,
    service,
    folder,
    keysPath,
    keyOf,
    store,
    pipeline,
    backend,
    blobs,
    model,
    overview,
    close,
  };
}

/** Removes what all fixtures share. */
export async function removeModels(): Promise<void> {
  if (modelFolder !== undefined) await rm(await modelFolder, { recursive: true, force: true });
}

/** An input of the model. */
export function smallEnvelope(model: ModelDescription, reals: number[] = [3, 4]): Envelope {
  return envelopeFromReals(model, [reals], 0n);
}

async function writeModels(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-models-'));
  await writeProvableTestModel(join(folder, 'small'), smallNetwork());
  return folder;
}

async function writeKeys(folder: string) {
  const keysPath = join(folder, 'keys.json');
  const created: [ApiKeyRole, string][] = [];
  for (const role of API_KEY_ROLES) {
    created.push([role, (await createApiKey(keysPath, { name: role, roles: [role] })).key]);
  }
  return { keysPath, keyOf: Object.fromEntries(created) as Record<ApiKeyRole, string> };
}
