/** Where a worker has models and blobs from: a service, or the directories of one. */
import { InputError, type Logger } from '@zkinfer/core';
import {
  type BlobStore,
  DirectoryBlobStore,
  DirectoryModelStore,
  dataLayout,
  HttpBlobStore,
  HttpModelStore,
  type ModelStore,
} from '@zkinfer/queue';
import { readText } from './read-file.ts';

/** Options of the command line: a service, or both directories. */
export interface ArtifactOptions {
  readonly service?: string;
  readonly apiKeyFile?: string;
  readonly cache: string;
  readonly data?: string;
  readonly models?: string;
}

/** What a worker works on. */
export interface WorkerArtifacts {
  readonly blobs: BlobStore;
  readonly models: ModelStore;
  /** For people. */
  readonly from: string;
  /** Digests of the models that are there. */
  readonly found: readonly string[];
}

/**
 * Opens them, and looks whether there is anything to serve.
 * @throws InputError CLI_ARTIFACTS, CLI_NO_MODELS, CORE_FILE_MISSING, QUEUE_ARTIFACTS_URL,
 *   QUEUE_ARTIFACTS_KEY; EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE
 */
export async function openArtifacts(
  options: ArtifactOptions,
  logger: Logger,
): Promise<WorkerArtifacts> {
  const stores = await openStores(options, logger);
  const found = await stores.models.list();
  if (found.length > 0) return { ...stores, found };
  throw new InputError({
    code: 'CLI_NO_MODELS',
    what: 'there are no models to serve',
    got: `none with keys in ${stores.from}`,
    hint: 'Compile a model into a directory there, and run `zkinfer setup` on it.',
  });
}

async function openStores(
  { service, apiKeyFile, cache, data, models }: ArtifactOptions,
  logger: Logger,
): Promise<Omit<WorkerArtifacts, 'found'>> {
  if (service !== undefined && data === undefined && models === undefined) {
    const apiKey = apiKeyFile === undefined ? undefined : (await readText(apiKeyFile)).trim();
    const server = { baseUrl: service, ...(apiKey === undefined ? {} : { apiKey }) };
    return {
      blobs: new HttpBlobStore(server),
      models: new HttpModelStore({ ...server, cacheDirectory: cache, logger }),
      from: service,
    };
  }
  if (service === undefined && data !== undefined && models !== undefined) {
    return {
      blobs: new DirectoryBlobStore(dataLayout(data).blobs),
      models: new DirectoryModelStore({ directory: models, logger }),
      from: models,
    };
  }
  throw new InputError({
    code: 'CLI_ARTIFACTS',
    what: 'a worker must be told where its inputs and models are',
    expected: '--service URL, or --data DIR and --models DIR',
    hint: 'See zkinfer worker --help.',
  });
}
