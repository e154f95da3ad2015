/** Coefficients as `kernels/assembly/columns.ts` reads them: digits 0, 1 and −1, two bits each. */
import { type Coefficient, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';

/** Bytes of a coefficient: the positions of digits 1, then of digits −1, little endian. */
export const DIGITS_BYTES = 64;

const HALF_BYTES = DIGITS_BYTES / 2;
const HALF_ORDER = SCALAR_FIELD_ORDER >> 1n;

/**
 * Writes the non-adjacent form of the residue of a coefficient that is nearest 0: 3x and x differ
 * exactly where x has a digit, one position up (H. Prodinger, "On binary representations of
 * integers with digits −1, 0, 1", 2000).
 * @returns the highest position of a digit that is not 0, below 254; −1 for 0
 */
export function writeSignedDigits(to: Uint8Array, coefficient: Coefficient): number {
  const residue = reduce(BigInt(coefficient));
  const isNegative = residue > HALF_ORDER;
  const x = isNegative ? SCALAR_FIELD_ORDER - residue : residue;
  const changed = (3n * x) ^ x;
  const positive = (changed & (3n * x)) >> 1n;
  const negative = (changed & x) >> 1n;
  writeBits(to.subarray(0, HALF_BYTES), isNegative ? negative : positive);
  writeBits(to.subarray(HALF_BYTES, DIGITS_BYTES), isNegative ? positive : negative);
  return x === 0n ? -1 : (changed >> 1n).toString(2).length - 1;
}

function writeBits(to: Uint8Array, bits: bigint): void {
  let rest = bits;
  for (let i = 0; i < to.length; i++) {
    to[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
