/** Field elements as the kernels hold them: 5 whole numbers of 51 bits in doubles, times 2^255. See `kernels/field-source.mjs`. */
import { BASE_FIELD_ORDER, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import type { KernelMemory } from './kernel-memory.ts';

/** Bytes of an element. */
export const ELEMENT_BYTES = 40;

const LIMB_BITS = 51n;
const LIMB = 1n << LIMB_BITS;
const MONTGOMERY = 1n << 255n;

/** Limbs in [−2^50, 2^50), the top one unbounded. */
export function limbsOf(value: bigint): bigint[] {
  const limbs: bigint[] = [];
  let rest = value;
  for (let i = 0; i < 4; i++) {
    const limb = BigInt.asIntN(Number(LIMB_BITS), rest);
    limbs.push(limb);
    rest = (rest - limb) / LIMB;
  }
  return [...limbs, rest];
}

/** Writes a scalar as an element, at most half of r in magnitude: the ranges of transforms count on it. */
export function writeScalar(memory: KernelMemory, address: number, value: bigint): void {
  const residue = (value * MONTGOMERY) % SCALAR_FIELD_ORDER;
  const centred = residue > SCALAR_FIELD_ORDER / 2n ? residue - SCALAR_FIELD_ORDER : residue;
  memory.doubles(address, 5).set(limbsOf(centred).map(Number));
}

/** A coordinate of a point, one or two numbers, in a new region. */
export function writeCoordinate(memory: KernelMemory, parts: readonly bigint[]): number {
  const address = memory.allocate(parts.length * ELEMENT_BYTES);
  parts.forEach((value, i) => {
    const limbs = limbsOf((value * MONTGOMERY) % BASE_FIELD_ORDER).map(Number);
    memory.doubles(address + i * ELEMENT_BYTES, 5).set(limbs);
  });
  return address;
}
