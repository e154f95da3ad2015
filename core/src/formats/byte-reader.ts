import { FIELD_BYTES, readFieldBytes } from './field-bytes.ts';
import { formatError } from './format-error.ts';

/** Reads little-endian values one after another, never beyond the end. */
export class ByteReader {
  readonly #format: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** `format` names the file's kind in errors. */
  constructor(format: string, bytes: Uint8Array) {
    this.#format = format;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /**
   * @throws InputError CORE_FORMAT_VALUE above 2^53 − 1, which no file that fits in memory needs.
   */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw formatError('VALUE', this.#format, 'a 64-bit count is too large', {
        got: String(value),
      });
    }
    return Number(value);
  }

  /**
   * 32 bytes as an element of the field with this modulus.
   * @throws InputError CORE_FORMAT_VALUE when not below it.
   */
  fieldElement(modulus: bigint): bigint {
    const value = readFieldBytes(this.#view, this.#advance(FIELD_BYTES));
    if (value >= modulus) {
      throw formatError('VALUE', this.#format, 'a field element is not below the modulus');
    }
    return value;
  }

  /** The next bytes, as a view on the file's own. */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** @throws InputError CORE_FORMAT_OVERSIZED if bytes are left. */
  end(part: string): void {
    if (this.remaining > 0) {
      throw formatError('OVERSIZED', this.#format, `${this.remaining} bytes left after ${part}`);
    }
  }

  #advance(length: number): number {
    if (length > this.remaining) {
      throw formatError('TRUNCATED', this.#format, 'it ends too early', {
        got: `${this.remaining} bytes`,
        expected: `${length} more`,
      });
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
