import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { EnvironmentError } from '@zkinfer/core';

const PIECE_BYTES = 1 << 24;

/**
 * All bytes of a file. Unlike Node's own `readFile`, not limited to 2 GiB.
 * @throws EnvironmentError PROVER_FILE_READ
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

/** SHA-256 of a file of any size, hex. @throws EnvironmentError PROVER_FILE_READ */
export async function sha256OfFile(path: string): Promise<string> {
  return withFile(path, async (file) => {
    const hash = createHash('sha256');
    const piece = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  });
}

/** Runs work on an open file. @throws EnvironmentError PROVER_FILE_READ if it cannot be opened or read */
export async function withFile<T>(
  path: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  try {
    return await work(file);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? readError(path, error) : error;
  } finally {
    await file.close();
  }
}

function readError(path: string, cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_FILE_READ',
    what: `${path} cannot be read`,
    got: (cause as NodeJS.ErrnoException).code ?? String(cause),
    hint: 'See that the file exists and that you may read it.',
    cause,
  });
}
