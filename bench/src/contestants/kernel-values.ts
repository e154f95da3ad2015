/** Values in the memory of our kernels: see `@zkinfer/prover/bench`. */
import { power, readFieldBytes } from '@zkinfer/core';
import { ELEMENT_BYTES, type KernelSpace, limbsOf } from '@zkinfer/prover/bench';

type KernelMemory = KernelSpace['memory'];

/** Limbs of 51 bits, of elements times 2^255. */
const LIMB_BITS = 51n;
const MONTGOMERY = 1n << 255n;
const LIMBS = 5;

/** A cell holds two elements, limb by limb side by side. */
export const CELL_BYTES = 2 * ELEMENT_BYTES;

/** Scalars of 32 bytes as an array of cells. */
export function writeCells(
  memory: KernelMemory,
  address: number,
  scalars: Uint8Array,
  order: bigint,
): void {
  const view = new DataView(scalars.buffer, scalars.byteOffset, scalars.byteLength);
  const count = scalars.length / 32;
  const cells = memory.doubles(address, count * LIMBS);
  for (let i = 0; i < count; i++) {
    const limbs = limbsOf((readFieldBytes(view, 32 * i) * MONTGOMERY) % order);
    limbs.forEach((limb, l) => {
      cells[2 * LIMBS * (i >> 1) + 2 * l + (i & 1)] = Number(limb);
    });
  }
}

/** Reads an element, reduced to [0, order), out of the Montgomery form. */
export class ElementReader {
  readonly #order: bigint;
  readonly #inverse: bigint;

  constructor(order: bigint) {
    this.#order = order;
    this.#inverse = power(MONTGOMERY % order, order - 2n, order);
  }

  /** Element `i` of an array of cells. */
  cell(memory: KernelMemory, address: number, i: number): bigint {
    const limbs = memory.doubles(address + CELL_BYTES * (i >> 1), 2 * LIMBS);
    return this.#join(limbs.filter((_, at) => (at & 1) === (i & 1)));
  }

  /** An element by itself. */
  element(memory: KernelMemory, address: number): bigint {
    return this.#join(memory.doubles(address, LIMBS));
  }

  #join(limbs: Float64Array): bigint {
    const value = limbs.reduceRight((sum, limb) => (sum << LIMB_BITS) + BigInt(limb), 0n);
    const residue = (value * this.#inverse) % this.#order;
    return residue < 0n ? residue + this.#order : residue;
  }
}
