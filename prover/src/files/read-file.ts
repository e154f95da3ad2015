import { type FileHandle, open } from 'node:fs/promises';
import { readError } from '@zkinfer/core/node';

const PIECE_BYTES = 1 << 24;

/**
 * All bytes of a file. Unlike Node's own `readFile`, not limited to 2 GiB.
 * @throws InputError CORE_FILE_MISSING, EnvironmentError CORE_READ_FAILED
 */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  return withFile(path, async (file) => {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  });
}

/**
 * Runs work on an open file.
 * @throws InputError CORE_FILE_MISSING, EnvironmentError CORE_READ_FAILED
 */
export async function withFile<T>(
  path: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw readError(error, path);
  });
  try {
    return await work(file);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? readError(error, path) : error;
  } finally {
    await file.close();
  }
}
