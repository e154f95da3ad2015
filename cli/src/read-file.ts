import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { InputError, isGzip } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';

/**
 * The bytes of a file that the user named, decompressed when it is a gzip file.
 * @throws InputError CORE_FILE_MISSING, CLI_GZIP_DAMAGED; EnvironmentError CORE_READ_FAILED
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(cause, path);
  });
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new InputError({
      code: 'CLI_GZIP_DAMAGED',
      what: `${path} cannot be decompressed`,
      got: 'a damaged or truncated gzip file',
      cause,
    });
  }
}

/** The text of a file that the user named. @throws as `readBytes` */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}
