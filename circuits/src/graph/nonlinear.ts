import { type Integer, type IntegerArray, MAX_NARROW } from './integer-array.ts';
import type { LeakyReluOperator, RequantizeOperator, TableOperator } from './network.ts';

/**
 * The nonlinear operators on one element, exactly as the specification states them. Arguments of
 * either representation; doubles are used only where no intermediate value can leave the safe
 * integers.
 */

/** What is added before the shift, so that it rounds half up: 2^(shift−1), or 0 for shift 0. */
export function roundingTerm(shift: number): bigint {
  return shift === 0 ? 0n : 1n << BigInt(shift - 1);
}

/** The multiplier of an element under a requantisation, by its index on the last axis. */
export function multiplierOf({ multipliers }: RequantizeOperator, element: number): number {
  return multipliers[element % multipliers.length]!;
}

/** clamp(floor((x · m + round) / 2^shift), lo, hi). */
export function requantizeValue(x: Integer, m: number, operator: RequantizeOperator): number {
  const { shift, lo, hi } = operator;
  if (typeof x === 'number' && Math.abs(x) * m < MAX_NARROW / 2 && shift < 52) {
    const scaled = Math.floor((x * m + (shift === 0 ? 0 : 2 ** (shift - 1))) / 2 ** shift);
    return Math.min(Math.max(scaled, lo), hi);
  }
  const scaled = (BigInt(x) * BigInt(m) + roundingTerm(shift)) >> BigInt(shift);
  if (scaled <= lo) return lo;
  return scaled >= hi ? hi : Number(scaled);
}

/** x · 2^shift for x ≥ 0, else x · slope. */
export function leakyReluValue(x: Integer, operator: LeakyReluOperator): bigint {
  const exact = BigInt(x);
  return exact >= 0n ? exact << BigInt(operator.shift) : exact * BigInt(operator.slope);
}

/** `leakyReluValue` of each element. */
export function leakyRelu(input: IntegerArray, operator: LeakyReluOperator): bigint[] {
  const output: bigint[] = [];
  for (let i = 0; i < input.length; i++) output.push(leakyReluValue(input[i]!, operator));
  return output;
}

/** The table's entry for an element within its range. */
export function tableValue(x: Integer, { lo, table }: TableOperator): number {
  return table[Number(x) - lo]!;
}
