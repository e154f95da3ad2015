/** What may be wrong with a blob, the same from every store. */
import { InputError, IntegrityError } from '@zkinfer/core';
import { LARGEST_BLOB_BYTES } from './blob-store.ts';
import { isHexDigest } from './hex-digest.ts';

/** The digest itself, if it is one. @throws InputError QUEUE_BLOB_UNKNOWN */
export function requireBlobDigest(sha256: string): string {
  if (isHexDigest(sha256)) return sha256;
  throw unknownBlob('something else than a SHA-256');
}

/** The bytes themselves, if they may be stored. @throws InputError QUEUE_BLOB_TOO_LARGE */
export function requireBlobSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= LARGEST_BLOB_BYTES) return bytes;
  throw tooLargeBlob(`${bytes.length} bytes`);
}

/** For a digest that nothing was stored under. */
export function unknownBlob(got: string): InputError {
  return new InputError({
    code: 'QUEUE_BLOB_UNKNOWN',
    what: 'there is no such blob',
    got,
    hint: 'Blobs of jobs that ended are removed after a while.',
  });
}

/** For more bytes than a store takes or gives. */
export function tooLargeBlob(got: string): InputError {
  return new InputError({
    code: 'QUEUE_BLOB_TOO_LARGE',
    what: 'a blob is too large',
    got,
    expected: `at most ${LARGEST_BLOB_BYTES} bytes`,
  });
}

/** For bytes that are not those of their digest. */
export function corruptedBlob(got: string, expected: string): IntegrityError {
  return new IntegrityError({
    code: 'QUEUE_BLOB_CORRUPTED',
    what: 'a stored blob is not what was put under its digest',
    got,
    expected,
    hint: 'Check the disk that it lies on.',
  });
}
