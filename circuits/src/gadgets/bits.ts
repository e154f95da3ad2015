import type { RowSink, Witness } from '@zkinfer/core';
import { combination, single, type Term } from './combination.ts';

/**
 * Booleans and decompositions. Every decomposition states an equality of integers far below r (at
 * most 95 bits on each side), so that it holds mod r only if it holds in the integers: there is no
 * second, wrapped-around decomposition.
 */

/** Weight of bit i, as a coefficient. */
export function bitWeight(i: number): number | bigint {
  return i < 53 ? 2 ** i : 1n << BigInt(i);
}

/** One row for each wire: w · w = w, so that w is 0 or 1. */
export function emitBooleans(sink: RowSink, firstWire: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const wire = single(firstWire + i);
    sink.row(wire, wire, wire);
  }
}

/** The terms Σ_{i = from}^{to − 1} 2^(i − from) · bit_i of bits stored from `firstWire` on. */
export function bitTerms(firstWire: number, from: number, to: number): Term[] {
  const terms: Term[] = [];
  for (let i = from; i < to; i++) terms.push([firstWire + i, bitWeight(i - from)]);
  return terms;
}

/** Writes the low `count` bits of a non-negative integer. */
export function assignBits(
  witness: Witness,
  firstWire: number,
  count: number,
  value: number | bigint,
): void {
  if (typeof value === 'number') {
    let rest = value;
    for (let i = 0; i < count; i++) {
      witness.set(firstWire + i, rest % 2);
      rest = Math.floor(rest / 2);
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    witness.set(firstWire + i, Number((value >> BigInt(i)) & 1n));
  }
}

/**
 * A decomposition in which the lowest bit has no wire: it is what remains, and one row states that
 * this is 0 or 1. Saves a wire and a row where the decomposed combination is short, since it enters
 * A and B.
 */
export function emitWithImplicitLowBit(
  sink: RowSink,
  value: readonly Term[],
  upperBits: { readonly firstWire: number; readonly count: number },
  signWeight: bigint,
): void {
  const { firstWire, count } = upperBits;
  emitBooleans(sink, firstWire, count);
  const low: Term[] = [...value];
  for (let i = 0; i < count; i++) {
    const isSign = signWeight !== 0n && i === count - 1;
    low.push([firstWire + i, isSign ? signWeight : -(1n << BigInt(i + 1))]);
  }
  const lowBit = combination(low);
  sink.row(lowBit, lowBit, lowBit);
}
