/** Blobs in memory, for tests. */
import { createHash } from 'node:crypto';
import { InputError } from '@zkinfer/core';
import type { BlobStore } from '../artifacts/blob-store.ts';

/** `BlobStore` in memory; what it holds is gone when it is. */
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
