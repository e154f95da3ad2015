/**
 * Blobs as files of a directory: `ab/cd/abcd…`, named after their SHA-256. Only one process should
 * prune it; any number may put and get.
 */
import { type Dirent, rmSync, statSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '@zkinfer/core';
import { makeFolder, readError, removeLeftovers, writeFileAtomically } from '@zkinfer/core/node';
import {
  corruptedBlob,
  requireBlobDigest,
  requireBlobSize,
  tooLargeBlob,
  unknownBlob,
} from './blob-errors.ts';
import { type BlobOptions, type BlobStore, LARGEST_BLOB_BYTES } from './blob-store.ts';
import { hexDigestOf, isHexDigest } from './hex-digest.ts';

/** What to remove. */
export interface PruneOptions {
  /** Since it was last put. */
  readonly olderThanMs: number;
  /** Digests of blobs that stay, however old. */
  readonly keep: ReadonlySet<string>;
}

/** Inputs are private: nobody but the service's user may read them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** A `BlobStore` over a directory, which is made when something is put. */
export class DirectoryBlobStore implements BlobStore {
  readonly #directory: string;
  /** Being written, by how many calls: not to be pruned meanwhile. */
  readonly #writing = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws as BlobStore says, and EnvironmentError CORE_DISK_FULL, CORE_WRITE_* */
  async put(bytes: Uint8Array, { signal }: BlobOptions = {}): Promise<string> {
    signal?.throwIfAborted();
    const sha256 = hexDigestOf(requireBlobSize(bytes));
    const { folder, path } = this.#place(sha256);
    this.#writing.set(sha256, (this.#writing.get(sha256) ?? 0) + 1);
    try {
      await makeFolder(folder, { mode: FOLDER_MODE });
      // Even if it is there: this makes it young again, and whole if it was damaged.
      await writeFileAtomically(path, bytes, { mode: FILE_MODE });
    } finally {
      const writers = this.#writing.get(sha256)! - 1;
      if (writers === 0) this.#writing.delete(sha256);
      else this.#writing.set(sha256, writers);
    }
    return sha256;
  }

  async get(sha256: string, { signal }: BlobOptions = {}): Promise<Uint8Array> {
    const { path } = this.#place(requireBlobDigest(sha256));
    signal?.throwIfAborted();
    const bytes = await readBlob(path, sha256);
    const got = hexDigestOf(bytes);
    if (got !== sha256) throw corruptedBlob(got, sha256);
    return bytes;
  }

  /**
   * Removes blobs that were last put long ago, and what interrupted processes left behind.
   * @returns how many blobs were removed
   * @throws EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE
   */
  async prune({ olderThanMs, keep }: PruneOptions): Promise<number> {
    const before = Date.now() - olderThanMs;
    let removed = 0;
    for await (const folder of this.#folders()) {
      const entries = await entriesOf(folder);
      await removeLeftovers(folder);
      for (const { name } of entries) {
        if (!isHexDigest(name) || keep.has(name) || this.#writing.has(name)) continue;
        if (removeIfOlder(join(folder, name), before)) removed++;
      }
    }
    return removed;
  }

  #place(sha256: string): { folder: string; path: string } {
    const folder = join(this.#directory, sha256.slice(0, 2), sha256.slice(2, 4));
    return { folder, path: join(folder, sha256) };
  }

  async *#folders(): AsyncGenerator<string> {
    for (const first of await foldersIn(this.#directory)) {
      yield* await foldersIn(first);
    }
  }
}

async function readBlob(path: string, sha256: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > LARGEST_BLOB_BYTES) throw tooLargeBlob(`${size} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    if (readError(cause, path).code === 'CORE_FILE_MISSING') throw unknownBlob(sha256);
    throw unavailable(cause, path);
  }
}

/** In one go: a put that begins later cannot come between the question and the removal. */
function removeIfOlder(path: string, before: number): boolean {
  try {
    if (statSync(path).mtimeMs >= before) return false;
    rmSync(path);
    return true;
  } catch (cause) {
    if (readError(cause, path).code === 'CORE_FILE_MISSING') return false;
    throw unavailable(cause, path);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  return entries
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
    .map(({ name }) => join(folder, name));
}

/** None where there is no such folder. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (readError(cause, folder).code === 'CORE_FILE_MISSING') return [];
    throw unavailable(cause, folder);
  });
}

function unavailable(cause: unknown, path: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_ARTIFACTS_UNAVAILABLE',
    what: `the artifacts in ${path} cannot be used`,
    hint: 'Check the disk, and the permissions of the folder.',
    cause,
  });
}
