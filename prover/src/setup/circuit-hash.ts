import { createHash, type Hash } from 'node:crypto';
import { plainBigEndian } from '../formats/contribution-section.ts';

/**
 * The hash that opens section 10 of a ceremony's key: BLAKE2b-512 of the points of the initial key.
 */
export class CircuitHash {
  readonly #hash: Hash = createHash('blake2b512');

  /** A point as files hold it. */
  point(encoded: Uint8Array): void {
    this.#hash.update(plainBigEndian(encoded));
  }

  /** The number of points that follow. */
  count(points: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(points);
    this.#hash.update(bytes);
  }

  /** Points as they are hashed. */
  bytes(points: Uint8Array): void {
    this.#hash.update(points);
  }

  /** 64 bytes. */
  digest(): Uint8Array {
    return this.#hash.digest();
  }
}
