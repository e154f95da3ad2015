/**
 * Models of a server, kept in a local directory. The server is zkinfer's service, or any that
 * answers these two paths below the base URL:
 *
 *   /v1/models                        a JSON array of objects with at least `modelDigest`
 *   /v1/models/<digest>/files/<name>  manifest.json, and the files that it takes to prove
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompiledModel } from '@zkinfer/circuits';
import {
  InputError,
  IntegrityError,
  type Logger,
  MANIFEST_FILE,
  parseJson,
  SILENT_LOGGER,
} from '@zkinfer/core';
import { makeFolder, readError, removeLeftovers, writeError } from '@zkinfer/core/node';
import { HexDigestSchema, readSchema, SERVICE_PATHS } from '@zkinfer/core/service';
import Type from 'typebox';
import {
  type ArtifactRequest,
  ArtifactServer,
  type ArtifactServerOptions,
} from './artifact-server.ts';
import { downloadModel, fetchManifest } from './download-model.ts';
import { requireModelDigest } from './model-files.ts';
import type { ModelStore, OpenModelOptions } from './model-store.ts';
import { SharedCalls } from './shared-calls.ts';
import { VerifiedModels } from './verified-models.ts';

/** Where models come from and where they are kept. */
export interface HttpModelStoreOptions extends ArtifactServerOptions {
  /** Made if it is not there; processes of one machine may share it. */
  readonly cacheDirectory: string;
  /** Of one file, 16 GiB unless told. */
  readonly largestFileBytes?: number;
  /** How often the server is asked whether a model has other keys by now, 5 minutes unless told. */
  readonly recheckMs?: number;
  readonly logger?: Logger;
}

const GIB = 2 ** 30;
const MINUTE_MS = 60_000;
const LARGEST_LIST_BYTES = 64 * 2 ** 20;
const ModelListSchema = Type.Array(Type.Object({ modelDigest: HexDigestSchema }));

/** A `ModelStore` of a server. What is in its cache is used even when the server is gone. */
export class HttpModelStore implements ModelStore {
  readonly #server: ArtifactServer;
  readonly #options: Required<Omit<HttpModelStoreOptions, keyof ArtifactServerOptions>>;
  readonly #verified = new VerifiedModels();
  readonly #calls = new SharedCalls<CompiledModel>();
  /** When each model's manifest was last compared with the server's. */
  readonly #comparedAt = new Map<string, number>();

  /** @throws InputError QUEUE_ARTIFACTS_URL, QUEUE_ARTIFACTS_KEY */
  constructor(options: HttpModelStoreOptions) {
    const { cacheDirectory, largestFileBytes, recheckMs, logger } = options;
    this.#server = new ArtifactServer(options);
    this.#options = {
      cacheDirectory,
      largestFileBytes: largestFileBytes ?? 16 * GIB,
      recheckMs: recheckMs ?? 5 * MINUTE_MS,
      logger: logger ?? SILENT_LOGGER,
    };
  }

  async list(): Promise<readonly string[]> {
    const request: ArtifactRequest = { method: 'GET', path: SERVICE_PATHS.models };
    const { status, bytes } = await this.#server.requestBytes(request, LARGEST_LIST_BYTES);
    if (status !== 200) throw this.#server.unusable(request, `status ${status}`);
    try {
      const list = parseJson(new TextDecoder().decode(bytes), 'the list of models');
      const models = readSchema(ModelListSchema, list, 'the list of models');
      return models.map(({ modelDigest }) => modelDigest).sort();
    } catch {
      throw this.#server.unusable(request, 'no list of models');
    }
  }

  async open(modelDigest: string, { signal }: OpenModelOptions = {}): Promise<CompiledModel> {
    requireModelDigest(modelDigest);
    return this.#calls.run(modelDigest, (shared) => this.#open(modelDigest, shared), signal);
  }

  async #open(modelDigest: string, signal: AbortSignal): Promise<CompiledModel> {
    const path = join(this.#options.cacheDirectory, modelDigest);
    const kept = await readManifest(path);
    if (kept !== undefined && (await this.#isCurrent(modelDigest, kept, signal))) {
      try {
        return await this.#verified.open(path, modelDigest, signal);
      } catch (err) {
        if (!(err instanceof IntegrityError)) throw err;
        this.#options.logger.warn(
          { err, modelDigest },
          'a kept model is damaged: getting it again',
        );
      }
    }
    await this.#download(modelDigest, path, signal);
    return this.#verified.open(path, modelDigest, signal);
  }

  async #download(modelDigest: string, path: string, signal: AbortSignal): Promise<void> {
    const { cacheDirectory, largestFileBytes } = this.#options;
    const server = this.#server;
    const manifest = await fetchManifest(server, modelDigest, signal);
    await prepareCache(cacheDirectory);
    await downloadModel({ server, modelDigest, path, largestFileBytes, signal }, manifest);
    this.#comparedAt.set(modelDigest, Date.now());
  }

  /** The digest names a network, not its keys: those may have been replaced. */
  async #isCurrent(modelDigest: string, kept: string, signal: AbortSignal): Promise<boolean> {
    const { recheckMs, logger } = this.#options;
    const comparedAt = this.#comparedAt.get(modelDigest) ?? Number.NEGATIVE_INFINITY;
    if (Date.now() - comparedAt < recheckMs) return true;
    try {
      const current = await fetchManifest(this.#server, modelDigest, signal);
      this.#comparedAt.set(modelDigest, Date.now());
      return current === kept;
    } catch (err) {
      if (err instanceof InputError || signal.aborted) throw err;
      logger.warn({ err, modelDigest }, 'the artifact server is no use: the kept model is used');
      return true;
    }
  }
}

/** The manifest that is kept, as it stands there; undefined without. */
async function readManifest(path: string): Promise<string | undefined> {
  return readFile(join(path, MANIFEST_FILE), 'utf8').catch((cause: unknown) => {
    const error = readError(cause, path);
    if (error.code === 'CORE_FILE_MISSING') return undefined;
    throw error;
  });
}

async function prepareCache(directory: string): Promise<void> {
  try {
    await makeFolder(directory);
    await removeLeftovers(directory);
  } catch (cause) {
    throw writeError(cause, directory);
  }
}
