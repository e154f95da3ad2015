/**
 * SHA-256 (FIPS 180-4) wherever JavaScript runs; digests are 64 lower-case hexadecimal digits
 * throughout zkinfer.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A digest of bytes that come in parts. */
export interface IncrementalSha256 {
  /** Takes the next bytes; texts as UTF-8. */
  update(part: Uint8Array | string): IncrementalSha256;
  /** The digest; nothing may follow. */
  hex(): string;
}

/** Starts a digest. */
export function incrementalSha256(): IncrementalSha256 {
  const hash = sha256.create();
  const digest: IncrementalSha256 = {
    update(part) {
      hash.update(asBytes(part));
      return digest;
    },
    hex: () => bytesToHex(hash.digest()),
  };
  return digest;
}

/** The digest of bytes, or of a text's UTF-8. */
export function sha256Hex(content: Uint8Array | string): string {
  return bytesToHex(sha256(asBytes(content)));
}

function asBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? utf8ToBytes(content) : content;
}
