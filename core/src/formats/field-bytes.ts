/** Field elements as iden3's files hold them: 32 bytes, little endian, normal form. */
import type { Coefficient } from '../constraint-system.ts';
import { reduce, SCALAR_FIELD_ORDER } from '../field.ts';

/** Bytes of one element of either field of BN254. */
export const FIELD_BYTES = 32;

const LIMB_MASK = 0xffffffffffffffffn;

/** The integer of 32 little-endian bytes, not reduced. */
export function readFieldBytes(view: DataView, at: number): bigint {
  let value = 0n;
  for (let limb = 3; limb >= 0; limb--) {
    value = (value << 64n) | view.getBigUint64(at + 8 * limb, true);
  }
  return value;
}

/** Writes an integer in [0, 2^256). */
export function writeFieldBytes(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, value & LIMB_MASK, true);
  view.setBigUint64(at + 8, (value >> 64n) & LIMB_MASK, true);
  view.setBigUint64(at + 16, (value >> 128n) & LIMB_MASK, true);
  view.setBigUint64(at + 24, value >> 192n, true);
}

/**
 * Writes the residue mod r of a coefficient. Small non-negative numbers, the most frequent, skip
 * the bigint.
 */
export function writeCoefficient(view: DataView, at: number, coefficient: Coefficient): void {
  if (typeof coefficient === 'number' && coefficient >= 0 && coefficient < 2 ** 32) {
    view.setUint32(at, coefficient, true);
    for (let offset = 4; offset < FIELD_BYTES; offset += 4) view.setUint32(at + offset, 0, true);
    return;
  }
  writeFieldBytes(view, at, reduce(BigInt(coefficient)));
}

/**
 * A residue as the shortest coefficient: a signed number if its absolute value is a safe integer,
 * else the bigint.
 */
export function shortestCoefficient(residue: bigint): Coefficient {
  if (residue <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(residue);
  const negated = SCALAR_FIELD_ORDER - residue;
  return negated <= BigInt(Number.MAX_SAFE_INTEGER) ? -Number(negated) : residue;
}
