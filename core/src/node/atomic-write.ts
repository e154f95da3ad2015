/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, flushed
 * to the disk, renamed. A failure or an interruption leaves what was there before.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRecord } from '../artifacts/manifest.ts';
import { InternalError } from '../errors.ts';
import { writeError } from './file-errors.ts';

/** How a file is written. */
export interface AtomicWriteOptions {
  /** Permissions from the first byte on, 0o644 (less the umask) unless told; 0o600 for secrets. */
  readonly mode?: number;
}

/** A file that is being written. End it with `commit` or `abort`. */
export interface AtomicFile {
  /**
   * Writes the next bytes, texts as UTF-8. Wait for one call before the next. On failure the file
   * is aborted.
   */
  append(part: Uint8Array | string): Promise<void>;
  /** Puts the file in place; size and SHA-256 of what was written. */
  commit(): Promise<FileRecord>;
  /** Removes what was written; harmless after `commit` or a second time. */
  abort(): Promise<void>;
}

/**
 * `name.tmp-<process>-<random>`: the process tells leftovers from files that another run is still
 * writing.
 */
const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]{12}$/;

/** A name beside `path` to write under until the file is complete; `removeLeftovers` knows it. */
export function temporaryPathFor(path: string): string {
  return `${path}.tmp-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/**
 * Starts a file in a folder that exists.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED; so do its methods,
 *   and InternalError CORE_FILE_ENDED after `commit` or `abort`
 */
export async function openAtomicFile(
  path: string,
  options: AtomicWriteOptions = {},
): Promise<AtomicFile> {
  const temporary = temporaryPathFor(path);
  try {
    const handle = await open(temporary, 'wx', options.mode ?? 0o644);
    return new TemporaryFile(handle, temporary, path);
  } catch (cause) {
    throw writeError(cause, path);
  }
}

/**
 * Writes a whole file.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
  options: AtomicWriteOptions = {},
): Promise<FileRecord> {
  const file = await openAtomicFile(path, options);
  await file.append(content);
  return file.commit();
}

/**
 * Removes temporary files and folders that interrupted processes of this machine left in a folder;
 * their names.
 * Files of processes that still run stay.
 */
export async function removeLeftovers(folder: string): Promise<string[]> {
  const leftovers = (await readdir(folder)).filter((name) => {
    const writer = TEMPORARY.exec(name)?.[1];
    return writer !== undefined && !isRunning(Number(writer));
  });
  for (const name of leftovers) await rm(join(folder, name), { force: true, recursive: true });
  return leftovers;
}

/**
 * The one implementation of `AtomicFile`, over a handle that it owns. Not part of the package's
 * surface.
 */
export class TemporaryFile implements AtomicFile {
  readonly #handle: FileHandle;
  readonly #temporary: string;
  readonly #path: string;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #ended = false;

  constructor(handle: FileHandle, temporary: string, path: string) {
    this.#handle = handle;
    this.#temporary = temporary;
    this.#path = path;
  }

  async append(part: Uint8Array | string): Promise<void> {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    await this.#attempt(async () => {
      // A write may take fewer bytes than it is given; writeFile goes on until all are written.
      await this.#handle.writeFile(bytes);
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
    });
  }

  async commit(): Promise<FileRecord> {
    await this.#attempt(async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#path);
    });
    this.#ended = true;
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async abort(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    // The first failure is the one to report: closing and removing may fail for the same reason.
    await this.#handle.close().catch(() => {});
    await rm(this.#temporary, { force: true }).catch(() => {});
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    if (this.#ended) {
      const what = `${this.#path} was committed or aborted before`;
      throw new InternalError({ code: 'CORE_FILE_ENDED', what });
    }
    try {
      await action();
    } catch (cause) {
      await this.abort();
      throw writeError(cause, this.#path);
    }
  }
}

/** Signal 0 asks without sending; EPERM means that it runs under another user. */
function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
