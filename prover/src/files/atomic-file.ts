import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ChunkConsumer, EnvironmentError, ZkinferError } from '@zkinfer/core';

/**
 * Writes a file under a temporary name in the same folder and renames it when complete: readers see the old file or the
 * new one, never half of it. Whatever interrupts the writing removes the temporary file.
 * @throws EnvironmentError PROVER_FILE_WRITE when the system refuses (no space, no permission); else what `write` throws
 */
export async function writeFileAtomically<T>(
  path: string,
  write: (consumer: ChunkConsumer) => Promise<T> | T,
): Promise<T> {
  return replaceFile(path, async (temporary) => {
    const file = openSync(temporary, 'wx');
    try {
      const result = await write((chunk) => writeFully(file, chunk));
      fsyncSync(file);
      return result;
    } finally {
      closeSync(file);
    }
  });
}

/** As `writeFileAtomically`, for producers that insist on writing to a path of their own. */
export async function replaceFile<T>(
  path: string,
  produce: (temporary: string) => Promise<T>,
): Promise<T> {
  const suffix = randomBytes(6).toString('hex');
  const temporary = join(dirname(path), `.${basename(path)}.${suffix}.partial`);
  try {
    const result = await produce(temporary);
    await rename(temporary, path);
    return result;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw isSystemError(error) ? writeError(path, error) : error;
  }
}

function writeFully(file: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof ZkinferError) && 'syscall' in error;
}

function writeError(path: string, error: NodeJS.ErrnoException): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_FILE_WRITE',
    what: `${path} cannot be written`,
    got: error.code ?? error.message,
    hint:
      error.code === 'ENOSPC'
        ? 'The disk is full: make room and run again.'
        : 'Nothing was changed.',
    cause: error,
  });
}
