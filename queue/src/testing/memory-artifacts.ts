/** Blobs and models in memory, for tests of what works with them. */
import { createHash } from 'node:crypto';
import type { CompiledModel } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { ModelStore } from '../artifacts/model-store.ts';

/** `BlobStore` in memory. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<string, Uint8Array>();

  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#blobs.set(sha256, bytes.slice());
    return sha256;
  }

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = this.#blobs.get(sha256);
    if (bytes !== undefined) return bytes.slice();
    throw new InputError({ code: 'QUEUE_BLOB_UNKNOWN', what: 'there is no such blob' });
  }
}

/** `ModelStore` over models that are open, and not checked again. */
export class OpenModelStore implements ModelStore {
  readonly #models: ReadonlyMap<string, CompiledModel>;

  constructor(models: readonly CompiledModel[]) {
    this.#models = new Map(models.map((model) => [model.directory.manifest.modelDigest, model]));
  }

  async list(): Promise<readonly string[]> {
    return [...this.#models.keys()].sort();
  }

  async open(modelDigest: string): Promise<CompiledModel> {
    const model = this.#models.get(modelDigest);
    if (model !== undefined) return model;
    throw new InputError({ code: 'QUEUE_MODEL_UNKNOWN', what: 'there is no such model' });
  }
}
