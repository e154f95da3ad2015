import { open } from 'node:fs/promises';
import { EnvironmentError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';

const PIECE_BYTES = 1 << 24;

/** A file open for reading. */
export interface ReadableFile {
  /** Bytes, when it was opened. */
  readonly size: number;
  /**
   * Up to `length` bytes from `at` on; fewer where the file ends. Not limited to 2 GiB.
   * @throws EnvironmentError CORE_READ_FAILED, PROVER_MEMORY_EXHAUSTED
   */
  read(at: number, length: number): Promise<Uint8Array>;
}

/**
 * All bytes of a file. Unlike Node's own `readFile`, not limited to 2 GiB.
 * @throws InputError CORE_FILE_MISSING, EnvironmentError CORE_READ_FAILED, PROVER_MEMORY_EXHAUSTED
 */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  return withFile(path, (file) => file.read(0, file.size));
}

/**
 * Runs work on an open file. What the work throws about anything else than this file stays as it
 * is.
 * @throws InputError CORE_FILE_MISSING, EnvironmentError CORE_READ_FAILED
 */
export async function withFile<T>(
  path: string,
  work: (file: ReadableFile) => Promise<T>,
): Promise<T> {
  const explained = <V>(result: Promise<V>): Promise<V> =>
    result.catch((error: unknown) => {
      throw readError(error, path);
    });
  const file = await explained(open(path));
  try {
    const { size } = await explained(file.stat());
    return await work({
      size,
      read: async (at, length) => {
        const bytes = allocateBytes(length, path);
        let done = 0;
        while (done < length) {
          const piece = Math.min(PIECE_BYTES, length - done);
          const { bytesRead } = await explained(file.read(bytes, done, piece, at + done));
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      },
    });
  } finally {
    await file.close();
  }
}

function allocateBytes(length: number, path: string): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new EnvironmentError({
      code: 'PROVER_MEMORY_EXHAUSTED',
      what: `there is not enough memory to read ${path}`,
      expected: `${length} bytes`,
      cause,
    });
  }
}
