import type { Coefficient } from '../constraint-system.ts';
import { FIELD_BYTES, writeCoefficient, writeFieldBytes } from './field-bytes.ts';

/**
 * Takes a file's bytes piece by piece, in order. The chunk is the caller's again when the call
 * returns.
 */
export type ChunkConsumer = (chunk: Uint8Array) => void;

const CHUNK_BYTES = 1 << 20;

/** Collects small little-endian writes into chunks of about a megabyte. Call `flush` at the end. */
export class ChunkWriter {
  readonly #consumer: ChunkConsumer;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  readonly #view = new DataView(this.#chunk.buffer);
  #used = 0;

  constructor(consumer: ChunkConsumer) {
    this.#consumer = consumer;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#reserve(4), value, true);
  }

  u64(value: number): void {
    this.#view.setBigUint64(this.#reserve(8), BigInt(value), true);
  }

  /** An integer in [0, 2^256) as 32 bytes. */
  fieldElement(value: bigint): void {
    writeFieldBytes(this.#view, this.#reserve(FIELD_BYTES), value);
  }

  /** A coefficient's residue mod r as 32 bytes. */
  coefficient(value: Coefficient): void {
    writeCoefficient(this.#view, this.#reserve(FIELD_BYTES), value);
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > CHUNK_BYTES) {
      this.flush();
      this.#consumer(bytes);
      return;
    }
    this.#chunk.set(bytes, this.#reserve(bytes.length));
  }

  flush(): void {
    if (this.#used > 0) this.#consumer(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }

  #reserve(length: number): number {
    if (this.#used + length > CHUNK_BYTES) this.flush();
    const at = this.#used;
    this.#used += length;
    return at;
  }
}
