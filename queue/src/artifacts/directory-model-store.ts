/** Models in a folder of compiled directories, whatever these are called: their manifests count. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CompiledModel, compiledManifest } from '@zkinfer/circuits';
import {
  EnvironmentError,
  IntegrityError,
  type Logger,
  type Manifest,
  SILENT_LOGGER,
} from '@zkinfer/core';
import { requireModelDigest, unknownModel } from './model-files.ts';
import type { ModelStore, OpenModelOptions } from './model-store.ts';
import { VerifiedModels } from './verified-models.ts';

/** Where the models are. */
export interface DirectoryModelStoreOptions {
  readonly directory: string;
  /** Hears of directories that cannot be used. */
  readonly logger?: Logger;
}

interface FoundModel {
  readonly path: string;
  readonly manifest: Manifest;
}

/**
 * A `ModelStore` over a folder. It is looked through at every call: directories may be added,
 * replaced (by renaming) and removed at any time. Those without keys are passed over.
 */
export class DirectoryModelStore implements ModelStore {
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #verified = new VerifiedModels();
  /** Of which the log has been told. */
  readonly #passedOver = new Set<string>();

  constructor({ directory, logger = SILENT_LOGGER }: DirectoryModelStoreOptions) {
    this.#directory = directory;
    this.#logger = logger;
  }

  async list(): Promise<readonly string[]> {
    const found = await this.#find();
    return [...new Set(found.map(({ manifest }) => manifest.modelDigest))].sort();
  }

  /** @throws as ModelStore says, and IntegrityError QUEUE_MODEL_AMBIGUOUS */
  async open(modelDigest: string, { signal }: OpenModelOptions = {}): Promise<CompiledModel> {
    requireModelDigest(modelDigest);
    const found = await this.#find();
    const [first, ...others] = found.filter(({ manifest: m }) => m.modelDigest === modelDigest);
    if (first === undefined) throw unknownModel(modelDigest);
    for (const other of others) requireSameKey(first, other);
    return this.#verified.open(first.path, modelDigest, signal);
  }

  /** Those with keys, by name. */
  async #find(): Promise<FoundModel[]> {
    const names = await readdir(this.#directory).catch((cause: unknown) => {
      throw unavailable(this.#directory, cause);
    });
    const visible = names.filter((name) => !name.startsWith('.')).sort();
    const found = await Promise.all(visible.map((name) => this.#read(join(this.#directory, name))));
    return found.filter((model) => model !== undefined);
  }

  async #read(path: string): Promise<FoundModel | undefined> {
    try {
      const manifest = await compiledManifest(path);
      return manifest?.verificationKeyDigest === undefined ? undefined : { path, manifest };
    } catch (err) {
      if (!this.#passedOver.has(path))
        this.#logger.warn({ err, path }, 'a directory is passed over');
      this.#passedOver.add(path);
      return undefined;
    }
  }
}

/** Two keys for one network: proofs under the wrong one would be worth nothing. */
function requireSameKey(one: FoundModel, other: FoundModel): void {
  const [got, expected] = [other, one].map(({ manifest }) => manifest.verificationKeyDigest);
  if (got === expected) return;
  throw new IntegrityError({
    code: 'QUEUE_MODEL_AMBIGUOUS',
    what: `${one.path} and ${other.path} hold the same model with different keys`,
    hint: 'Keep the one whose key is registered.',
  });
}

function unavailable(directory: string, cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_ARTIFACTS_UNAVAILABLE',
    what: `the folder of models ${directory} cannot be read`,
    hint: 'Make it, and give the service the right to read it.',
    cause,
  });
}
