import type { RowSink, Witness } from '@zkinfer/core';
import { bitLength } from '../graph/integer-array.ts';
import { assignBits, emitWithImplicitLowBit } from './bits.ts';
import type { Term } from './combination.ts';

/**
 * The sign of a difference d of two short combinations, d in a static range that has both signs.
 *
 * Two's complement: d = −2^m · s + Σ_{i<m} 2^i · e_i with all of s, e_i boolean and e_0 implicit.
 * The right side takes each integer of [−2^m, 2^m) exactly once, the range of d lies inside, and
 * both sides are below 2^64 ≪ r: so the bits are the only ones that fit, and s = 1 exactly if
 * d < 0.
 *
 * Wires: e_1 … e_(m−1), s. Rows: m + 1.
 */
export interface Comparison {
  /** m: bits of the magnitude; 1 ≤ m. */
  readonly magnitudeBits: number;
  readonly rows: number;
  readonly wires: number;
}

/** The layout for differences within [lo, hi], lo < 0 ≤ hi. */
export function planComparison(lo: bigint, hi: bigint): Comparison {
  const magnitudeBits = Math.max(bitLength(hi), bitLength(-lo - 1n), 1);
  return { magnitudeBits, rows: magnitudeBits + 1, wires: magnitudeBits };
}

/** The wire of s, which is 1 exactly if the difference is negative. */
export function signWire({ wires }: Comparison, firstWire: number): number {
  return firstWire + wires - 1;
}

export function emitComparison(
  sink: RowSink,
  plan: Comparison,
  firstWire: number,
  difference: readonly Term[],
): void {
  const upperBits = { firstWire, count: plan.wires };
  emitWithImplicitLowBit(sink, difference, upperBits, 1n << BigInt(plan.magnitudeBits));
}

export function assignComparison(
  witness: Witness,
  plan: Comparison,
  firstWire: number,
  difference: bigint,
): void {
  const low = difference < 0n ? difference + (1n << BigInt(plan.magnitudeBits)) : difference;
  assignBits(witness, firstWire, plan.wires - 1, low >> 1n);
  witness.set(signWire(plan, firstWire), difference < 0n ? 1 : 0);
}
