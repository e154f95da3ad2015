import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileRecord } from '../artifacts/manifest.ts';
import { readError } from './file-errors.ts';

/** Read buffer; larger ones are no faster. */
const CHUNK_BYTES = 1 << 20;

/**
 * Size and SHA-256 of a file of any size, read in parts.
 * @throws InputError CORE_FILE_MISSING, EnvironmentError CORE_READ_FAILED
 */
export async function sha256File(path: string): Promise<FileRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      const part = chunk as Buffer;
      hash.update(part);
      bytes += part.length;
    }
  } catch (cause) {
    throw readError(cause, path);
  }
  return { bytes, sha256: hash.digest('hex') };
}
