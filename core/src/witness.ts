import { InputError } from './errors.ts';
import { reduce, SCALAR_FIELD_ORDER } from './field.ts';

const WORD_BYTES = 32;

/**
 * One field element per wire, stored as in section 2 of a `.wtns` file: 32 bytes each, little
 * endian, normal form, so that engines read it without conversion.
 */
export class Witness {
  /** wires × 32 bytes. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(wires: number, bytes: Uint8Array = new Uint8Array(wires * WORD_BYTES)) {
    if (bytes.length !== wires * WORD_BYTES) {
      throw new InputError({
        code: 'CORE_WITNESS_LENGTH',
        what: 'a witness has another length than its wires need',
        got: `${bytes.length} bytes`,
        expected: `${wires * WORD_BYTES} bytes for ${wires} wires`,
      });
    }
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get wires(): number {
    return this.bytes.length / WORD_BYTES;
  }

  /** Any integer, reduced mod r. Safe integers ≥ 0 given as numbers take the fast path. */
  set(wire: number, value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) {
      this.#setWords(wire, value);
      return;
    }
    let rest = reduce(BigInt(value), SCALAR_FIELD_ORDER);
    for (let i = 0; i < 4; i++) {
      this.#view.setBigUint64(wire * WORD_BYTES + 8 * i, rest & 0xffffffffffffffffn, true);
      rest >>= 64n;
    }
  }

  /** The residue in [0, r) of a wire. */
  get(wire: number): bigint {
    let value = 0n;
    for (let i = 3; i >= 0; i--) {
      value = (value << 64n) | this.#view.getBigUint64(wire * WORD_BYTES + 8 * i, true);
    }
    return value;
  }

  #setWords(wire: number, value: number): void {
    const at = wire * WORD_BYTES;
    this.#view.setUint32(at, value >>> 0, true);
    this.#view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
    this.bytes.fill(0, at + 8, at + WORD_BYTES);
  }
}
