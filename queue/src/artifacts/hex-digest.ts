/** The names under which artifacts are stored: nothing else ever becomes a path or a URL. */
import { createHash } from 'node:crypto';

const HEX_DIGEST = /^[0-9a-f]{64}$/;

/** Whether a text is a SHA-256 in 64 lower-case hexadecimal digits. */
export function isHexDigest(text: string): boolean {
  return HEX_DIGEST.test(text);
}

/** The SHA-256 of bytes; Node's own, which is the fastest for megabytes. */
export function hexDigestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
