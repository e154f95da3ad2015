import {
  invert,
  type LinearCombination,
  type RowSink,
  type Witness,
  ZERO_COMBINATION,
} from '@zkinfer/core';
import { bitLength, type Integer } from '../graph/integer-array.ts';
import type { RequantizeOperator } from '../graph/network.ts';
import { roundingTerm } from '../graph/nonlinear.ts';
import { assignBits, bitTerms, bitWeight, emitBooleans } from './bits.ts';
import { combination, scaled, single, type Term } from './combination.ts';
import {
  assignComparison,
  type Comparison,
  emitComparison,
  planComparison,
  signWire,
} from './comparison.ts';

/**
 * y = clamp(floor((acc · m + round) / 2^k), lo, hi) for one element, from one decomposition.
 *
 * Let v = acc · m + round − lo · 2^k, so that y − lo = clamp(floor(v / 2^k), 0, c) with
 * c = hi − lo, and n the bits of c.
 *
 * 1. v = Σ 2^i · bit_i, with a last bit s of weight −2^(B−1) if v can be negative (two's
 *    complement). As many bits as the static range of v needs: every v in range has exactly one
 *    decomposition, both sides are below 2^95 ≪ r (62 bits of acc, 31 of m, as much again of
 *    lo · 2^k), so the bits are unique. One row with the dense combination in C only, and one row
 *    for each bit.
 * 2. o = OR of the bits k+n … P−1, P the bits of v's greatest value: v ≥ 0 exceeds 2^(k+n) − 1
 *    exactly if one is set. (For v < 0 these bits mean nothing, and o is multiplied away.) One bit
 *    is o itself; two or three are combined by products; for more, T their sum: inverse · T = o and
 *    T · (1 − o) = 0, so T = 0 forces o = 0 and T ≠ 0 forces o = 1. If T = 0 the inverse is free:
 *    it is the one wire of the circuit that may take any value, and nothing else reads it.
 * 3. With low = Σ 2^(i−k) · bit_i over k ≤ i < k+n, and M = 2^n − 1: z = o · (M − low), then
 *    y' = (1 − s) · (low + z), which is 0 below, M above, low between. The remainder, bits below k,
 *    is range-checked by step 1.
 * 4. If c < M: d = c − y' compared with 0; y − lo = y' + [d < 0] · d.
 *
 * Rows: at most B + 5, and n + 2 more for step 4.
 */
export interface RequantizePlan {
  readonly wires: number;
  readonly rows: number;
  /**
   * Set if the static range leaves one value only; then there is one row and no wire but the
   * output's.
   */
  readonly constant?: number;
  /** B, the sign included. */
  readonly bits: number;
  readonly signed: boolean;
  /** n. */
  readonly outputBits: number;
  /** P − (k + n), if positive. */
  readonly overflowBits: number;
  readonly clampMultiply: boolean;
  /** Step 4, if it is needed. */
  readonly upperClamp?: Comparison;
}

/** Offsets of the wires of an element, from its first wire. */
interface Layout {
  readonly bits: number;
  readonly overflow: number;
  readonly product: number;
  readonly rounded: number;
  readonly comparison: number;
}

/** The layout for an accumulator within [lo, hi]. */
export function planRequantize(
  operator: RequantizeOperator,
  multiplier: number,
  range: { readonly lo: Integer; readonly hi: Integer },
): RequantizePlan {
  const least = shifted(operator, multiplier, range.lo);
  const greatest = shifted(operator, multiplier, range.hi);
  const k = BigInt(operator.shift);
  const limit = BigInt(operator.hi) - BigInt(operator.lo);
  const n = bitLength(limit);
  const lowest = clamp(least >> k, limit);
  if (lowest === clamp(greatest >> k, limit)) {
    const constant = Number(lowest) + operator.lo;
    return {
      wires: 0,
      rows: 1,
      constant,
      bits: 0,
      signed: false,
      outputBits: n,
      overflowBits: 0,
      clampMultiply: false,
    };
  }
  const signed = least < 0n;
  const magnitude = Math.max(bitLength(greatest), signed ? bitLength(-least - 1n) : 0);
  const bits = magnitude + (signed ? 1 : 0);
  const overflowBits = Math.max(0, bitLength(greatest) - operator.shift - n);
  const clampMultiply = signed && overflowBits > 0;
  const most = BigInt(2 ** n - 1);
  const upperClamp =
    limit < most && greatest >> k > limit ? planComparison(limit - most, limit) : undefined;
  const or = overflowCost(overflowBits);
  return {
    wires: bits + or.wires + (clampMultiply ? 1 : 0) + (upperClamp ? 1 + upperClamp.wires : 0),
    rows: 1 + bits + or.rows + (clampMultiply ? 1 : 0) + 1 + (upperClamp ? upperClamp.rows + 1 : 0),
    bits,
    signed,
    outputBits: n,
    overflowBits,
    clampMultiply,
    ...(upperClamp === undefined ? {} : { upperClamp }),
  };
}

/**
 * Emits the rows of one element.
 *
 * @param accumulated gives acc · m as a combination that may be written to, its constant
 *   on wire 0; what v has beside it is added here
 * @param output wire of y
 */
export function emitRequantize(
  sink: RowSink,
  operator: RequantizeOperator,
  plan: RequantizePlan,
  wires: { readonly first: number; readonly output: number },
  accumulated: () => { wires: number[]; coefficients: (number | bigint)[] },
): void {
  if (plan.constant !== undefined) {
    const named = combination([
      [wires.output, 1],
      [0, -plan.constant],
    ]);
    sink.row(ZERO_COMBINATION, ZERO_COMBINATION, named);
    return;
  }
  const at = layoutOf(plan, wires.first);
  sink.row(ZERO_COMBINATION, ZERO_COMBINATION, decomposition(operator, plan, at, accumulated()));
  emitBooleans(sink, at.bits, plan.bits);
  const overflow = emitOverflow(sink, operator, plan, at);
  const target = plan.upperClamp === undefined ? wires.output : at.rounded;
  const result: Term[] = [[target, 1]];
  if (plan.upperClamp === undefined) result.push([0, -operator.lo]);
  emitSelection(sink, operator, plan, at, overflow, result);
  if (plan.upperClamp !== undefined)
    emitUpperClamp(sink, operator, plan.upperClamp, at, wires.output);
}

/** Sets the wires of one element; the output's included. */
export function assignRequantize(
  witness: Witness,
  operator: RequantizeOperator,
  plan: RequantizePlan,
  wires: { readonly first: number; readonly output: number },
  values: { readonly accumulator: Integer; readonly multiplier: number; readonly output: number },
): void {
  witness.set(wires.output, values.output);
  if (plan.constant !== undefined) return;
  const at = layoutOf(plan, wires.first);
  const v = shifted(operator, values.multiplier, values.accumulator);
  assignBits(witness, at.bits, plan.bits, toUnsigned(v, plan.bits));
  const overflow = assignOverflow(witness, operator, plan, at, v);
  const k = BigInt(operator.shift);
  const most = (1n << BigInt(plan.outputBits)) - 1n;
  const low = (toUnsigned(v, magnitudeBits(plan)) >> k) & most;
  const product = overflow ? most - low : 0n;
  if (plan.clampMultiply) witness.set(at.product, product);
  if (plan.upperClamp === undefined) return;
  const rounded = v < 0n ? 0n : low + product;
  witness.set(at.rounded, rounded);
  const limit = BigInt(operator.hi) - BigInt(operator.lo);
  assignComparison(witness, plan.upperClamp, at.comparison, limit - rounded);
}

/** v of an accumulator's value. */
function shifted({ shift, lo }: RequantizeOperator, multiplier: number, value: Integer): bigint {
  return BigInt(value) * BigInt(multiplier) + roundingTerm(shift) - (BigInt(lo) << BigInt(shift));
}

function clamp(value: bigint, limit: bigint): bigint {
  if (value < 0n) return 0n;
  return value > limit ? limit : value;
}

function toUnsigned(value: bigint, bits: number): bigint {
  return BigInt.asUintN(bits, value);
}

/** Bits without the sign. */
function magnitudeBits(plan: RequantizePlan): number {
  return plan.bits - (plan.signed ? 1 : 0);
}

function overflowCost(bits: number): { wires: number; rows: number } {
  const products = Math.min(Math.max(bits - 1, 0), 2);
  return { wires: products, rows: products };
}

function layoutOf(plan: RequantizePlan, first: number): Layout {
  const overflow = first + plan.bits;
  const product = overflow + overflowCost(plan.overflowBits).wires;
  const rounded = product + (plan.clampMultiply ? 1 : 0);
  return { bits: first, overflow, product, rounded, comparison: rounded + 1 };
}

/**
 * Step 1: v − Σ 2^i · bit_i (+ 2^(B−1) · s); the new wires are above all wires of v, so the order
 * stays.
 */
function decomposition(
  operator: RequantizeOperator,
  plan: RequantizePlan,
  at: Layout,
  accumulated: { wires: number[]; coefficients: (number | bigint)[] },
): LinearCombination {
  const { wires, coefficients } = accumulated;
  const constant = roundingTerm(operator.shift) - (BigInt(operator.lo) << BigInt(operator.shift));
  addConstant(accumulated, constant);
  for (let i = 0; i < plan.bits; i++) {
    const weight = bitWeight(i);
    wires.push(at.bits + i);
    coefficients.push(plan.signed && i === plan.bits - 1 ? weight : -weight);
  }
  return accumulated;
}

function addConstant(
  sum: { wires: number[]; coefficients: (number | bigint)[] },
  constant: bigint,
): void {
  const present = sum.wires[0] === 0;
  const total = constant + (present ? BigInt(sum.coefficients[0]!) : 0n);
  if (present) {
    sum.wires.shift();
    sum.coefficients.shift();
  }
  if (total === 0n) return;
  const number = Number(total);
  sum.wires.unshift(0);
  sum.coefficients.unshift(Number.isSafeInteger(number) ? number : total);
}

/** Step 2; the terms of o, none if it cannot be set. */
function emitOverflow(
  sink: RowSink,
  operator: RequantizeOperator,
  plan: RequantizePlan,
  at: Layout,
): Term[] {
  const first = at.bits + operator.shift + plan.outputBits;
  const count = plan.overflowBits;
  if (count === 0) return [];
  if (count === 1) return [[first, 1]];
  if (count <= 3) {
    let or: Term[] = [[first, 1]];
    for (let i = 1; i < count; i++) {
      const both = at.overflow + i - 1;
      sink.row(combination(or), single(first + i), single(both));
      or = [...or, [first + i, 1], [both, -1]];
    }
    return or;
  }
  const sum: Term[] = Array.from({ length: count }, (_, i): Term => [first + i, 1]);
  const [o, inverse] = [at.overflow, at.overflow + 1];
  sink.row(combination(sum), single(inverse), single(o));
  sink.row(
    combination(sum),
    combination([
      [0, 1],
      [o, -1],
    ]),
    ZERO_COMBINATION,
  );
  return [[o, 1]];
}

function assignOverflow(
  witness: Witness,
  operator: RequantizeOperator,
  plan: RequantizePlan,
  at: Layout,
  v: bigint,
): boolean {
  const count = plan.overflowBits;
  const set: number[] = [];
  for (let i = 0; i < count; i++) {
    const position = BigInt(operator.shift + plan.outputBits + i);
    set.push(Number((v >> position) & 1n));
  }
  const sum = set.reduce((total, bit) => total + bit, 0);
  if (count === 2 || count === 3) {
    let or = set[0]!;
    for (let i = 1; i < count; i++) {
      witness.set(at.overflow + i - 1, or * set[i]!);
      or |= set[i]!;
    }
  } else if (count > 3) {
    witness.set(at.overflow, sum === 0 ? 0 : 1);
    witness.set(at.overflow + 1, sum === 0 ? 0 : inverseOf(sum));
  }
  return sum > 0;
}

const inverses = new Map<number, bigint>();

/**
 * Inverses of small sums, remembered: a field inversion for each element would dominate the
 * witness.
 */
function inverseOf(sum: number): bigint {
  const known = inverses.get(sum) ?? invert(BigInt(sum));
  inverses.set(sum, known);
  return known;
}

/** Step 3: the row that makes `result` what low, o and s say. */
function emitSelection(
  sink: RowSink,
  operator: RequantizeOperator,
  plan: RequantizePlan,
  at: Layout,
  overflow: readonly Term[],
  result: readonly Term[],
): void {
  const top = Math.min(operator.shift + plan.outputBits, magnitudeBits(plan));
  const low = bitTerms(at.bits + operator.shift, 0, Math.max(0, top - operator.shift));
  const complement: Term[] = [[0, 2 ** plan.outputBits - 1], ...scaled(low, -1)];
  const isNegative = at.bits + plan.bits - 1;
  if (plan.signed) {
    const nonNegative = combination([
      [0, 1],
      [isNegative, -1],
    ]);
    if (!plan.clampMultiply) {
      sink.row(nonNegative, combination(low), combination(result));
      return;
    }
    sink.row(combination(overflow), combination(complement), single(at.product));
    sink.row(nonNegative, combination([...low, [at.product, 1]]), combination(result));
    return;
  }
  const rest = combination([...result, ...scaled(low, -1)]);
  if (plan.overflowBits > 0) sink.row(combination(overflow), combination(complement), rest);
  else sink.row(ZERO_COMBINATION, ZERO_COMBINATION, rest);
}

/** Step 4. */
function emitUpperClamp(
  sink: RowSink,
  operator: RequantizeOperator,
  plan: Comparison,
  at: Layout,
  output: number,
): void {
  const difference: Term[] = [
    [0, operator.hi - operator.lo],
    [at.rounded, -1],
  ];
  emitComparison(sink, plan, at.comparison, difference);
  const change = combination([
    [output, 1],
    [0, -operator.lo],
    [at.rounded, -1],
  ]);
  sink.row(single(signWire(plan, at.comparison)), combination(difference), change);
}
