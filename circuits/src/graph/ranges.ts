import { InputError } from '@zkinfer/core';
import {
  bitLength,
  type IntegerArray,
  isWide,
  MAX_ACCUMULATOR_BITS,
  MAX_NARROW,
} from './integer-array.ts';
import type { LinearMap } from './linear/linear-map.ts';
import { isLinear, linearMapOf } from './linear/linear-map-of.ts';
import { maxPool } from './max-pool.ts';
import type { MaxPool2dOperator, NetworkNode, TableOperator } from './network.ts';
import { leakyRelu, multiplierOf, requantizeValue, tableValue } from './nonlinear.ts';
import { elementCount } from './shape.ts';

/**
 * Static ranges: for each element of a tensor the least and greatest value that it can take when
 * every network input ranges over all its admissible integers. Bounds are exact for one linear
 * operator (each term taken at its worst) and monotone through the others. Both arrays are of one
 * representation: doubles only if no partial sum of any order can leave the safe integers, which is
 * what entitles the interpreter to compute this tensor in doubles.
 */
export interface ElementRanges {
  readonly lo: IntegerArray;
  readonly hi: IntegerArray;
}

/** A tensor with its shape and ranges. */
export interface RangedTensor {
  readonly shape: readonly number[];
  readonly ranges: ElementRanges;
}

/** The same range for every element. */
export function uniformRanges(shape: readonly number[], lo: number, hi: number): ElementRanges {
  const count = elementCount(shape);
  return { lo: new Float64Array(count).fill(lo), hi: new Float64Array(count).fill(hi) };
}

/**
 * The ranges of an operator's output.
 * @throws InputError CIRCUITS_ACCUMULATOR_TOO_WIDE where an element needs more than 62 bits.
 */
export function outputRangesOf(
  node: NetworkNode,
  inputs: readonly RangedTensor[],
  outputShape: readonly number[],
): ElementRanges {
  const { operation } = node;
  if (isLinear(operation)) {
    const map = linearMapOf(
      operation,
      inputs.map((input) => input.shape),
    );
    return linearRanges(node.name, map, inputs);
  }
  const [input] = inputs as [RangedTensor];
  switch (operation.kind) {
    case 'requantize':
      return mapRanges(input.ranges, (x, element) =>
        requantizeValue(x, multiplierOf(operation, element), operation),
      );
    case 'leakyRelu':
      return narrowed(
        node.name,
        leakyRelu(input.ranges.lo, operation),
        leakyRelu(input.ranges.hi, operation),
      );
    case 'table':
      return tableRanges(operation, input.ranges);
    case 'maxPool2d':
      return maxPoolRanges(operation, input, outputShape);
    case 'argmax':
      return uniformRanges(outputShape, 0, elementCount(input.shape) - 1);
  }
}

/** Least and greatest value over all elements. */
export function overallRange({ lo, hi }: ElementRanges): { lo: bigint; hi: bigint } {
  let [least, greatest] = [lo[0]!, hi[0]!];
  for (let i = 1; i < lo.length; i++) {
    if (lo[i]! < least) least = lo[i]!;
    if (hi[i]! > greatest) greatest = hi[i]!;
  }
  return { lo: BigInt(least), hi: BigInt(greatest) };
}

function linearRanges(
  name: string,
  map: LinearMap,
  inputs: readonly RangedTensor[],
): ElementRanges {
  const narrow = inputs.some((input) => isWide(input.ranges.lo))
    ? undefined
    : narrowLinearRanges(map, inputs);
  return narrow ?? wideLinearRanges(name, map, inputs);
}

/** In doubles, or undefined where Σ |w| · max|x| + |b| is no safe integer for some element. */
function narrowLinearRanges(
  map: LinearMap,
  inputs: readonly RangedTensor[],
): ElementRanges | undefined {
  const count = elementCount(map.outputShape);
  const lo = new Float64Array(count);
  const hi = new Float64Array(count);
  for (let element = 0; element < count; element++) {
    const bias = map.bias(element);
    let [least, greatest, magnitude] = [bias, bias, Math.abs(bias)];
    map.terms(element, (input, index, weight) => {
      const range = inputs[input]!.ranges;
      const atLo = weight * (range.lo[index] as number);
      const atHi = weight * (range.hi[index] as number);
      least += Math.min(atLo, atHi);
      greatest += Math.max(atLo, atHi);
      magnitude += Math.max(Math.abs(atLo), Math.abs(atHi));
    });
    if (magnitude > MAX_NARROW) return undefined;
    lo[element] = least;
    hi[element] = greatest;
  }
  return { lo, hi };
}

function wideLinearRanges(
  name: string,
  map: LinearMap,
  inputs: readonly RangedTensor[],
): ElementRanges {
  const count = elementCount(map.outputShape);
  const lo: bigint[] = [];
  const hi: bigint[] = [];
  for (let element = 0; element < count; element++) {
    let [least, greatest] = [BigInt(map.bias(element)), BigInt(map.bias(element))];
    map.terms(element, (input, index, weight) => {
      const range = inputs[input]!.ranges;
      const atLo = BigInt(weight) * BigInt(range.lo[index]!);
      const atHi = BigInt(weight) * BigInt(range.hi[index]!);
      least += atLo < atHi ? atLo : atHi;
      greatest += atLo < atHi ? atHi : atLo;
    });
    lo.push(least);
    hi.push(greatest);
  }
  checkWidths(name, lo, hi);
  return { lo: BigInt64Array.from(lo), hi: BigInt64Array.from(hi) };
}

/** Bounds without accumulation: doubles if all of them are safe. */
function narrowed(name: string, lo: bigint[], hi: bigint[]): ElementRanges {
  checkWidths(name, lo, hi);
  const safe = [...lo, ...hi].every((x) => x <= MAX_NARROW && x >= -MAX_NARROW);
  return safe
    ? { lo: Float64Array.from(lo, Number), hi: Float64Array.from(hi, Number) }
    : { lo: BigInt64Array.from(lo), hi: BigInt64Array.from(hi) };
}

function checkWidths(name: string, lo: readonly bigint[], hi: readonly bigint[]): void {
  const limit = 1n << BigInt(MAX_ACCUMULATOR_BITS);
  for (let i = 0; i < lo.length; i++) {
    if (hi[i]! - lo[i]! < limit && hi[i]! < limit && lo[i]! > -limit) continue;
    const magnitude = [hi[i]!, -lo[i]!].reduce((a, b) => (a > b ? a : b));
    throw new InputError({
      code: 'CIRCUITS_ACCUMULATOR_TOO_WIDE',
      what: `an accumulator of ${name} can leave the integers that circuits handle`,
      got: `${bitLength(magnitude) + 1} bits`,
      expected: `at most ${MAX_ACCUMULATOR_BITS} bits`,
      hint: 'Use fewer weight or activation bits, or requantise before this layer.',
    });
  }
}

function mapRanges(
  { lo, hi }: ElementRanges,
  monotone: (x: number | bigint, element: number) => number,
): ElementRanges {
  const map = (array: IntegerArray): Float64Array => {
    const result = new Float64Array(array.length);
    for (let i = 0; i < array.length; i++) result[i] = monotone(array[i]!, i);
    return result;
  };
  return { lo: map(lo), hi: map(hi) };
}

function tableRanges(operator: TableOperator, input: ElementRanges): ElementRanges {
  const lo = new Float64Array(input.lo.length);
  const hi = new Float64Array(input.hi.length);
  for (let i = 0; i < lo.length; i++) {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let x = Number(input.lo[i]); x <= Number(input.hi[i]); x++) {
      least = Math.min(least, tableValue(x, operator));
      greatest = Math.max(greatest, tableValue(x, operator));
    }
    lo[i] = least;
    hi[i] = greatest;
  }
  return { lo, hi };
}

function maxPoolRanges(
  window: MaxPool2dOperator,
  input: RangedTensor,
  outputShape: readonly number[],
): ElementRanges {
  const pooled = (array: IntegerArray): IntegerArray =>
    maxPool(window, input.shape, outputShape, array);
  return { lo: pooled(input.ranges.lo), hi: pooled(input.ranges.hi) };
}
