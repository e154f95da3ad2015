import { invert, type RowSink, type Witness, ZERO_COMBINATION } from '@zkinfer/core';
import { combination, single, type Term } from './combination.ts';

/**
 * o = OR of consecutive boolean wires. One bit is o itself; two or three are combined by products:
 * a + b − a·b. For more, T their sum, at most their number and so no multiple of r:
 * inverse · T = o and T · (1 − o) = 0, so T = 0 forces o = 0 and T ≠ 0 forces o = 1. If T = 0 the
 * inverse is free: it is the one wire of the circuit that may take any value, and nothing else
 * reads it.
 *
 * Wires: the products; or o and the inverse. Rows: one for each wire.
 */
export interface BitRange {
  readonly firstBit: number;
  readonly count: number;
}

/** Longer ranges go by their sum, which takes two rows whatever their length. */
const MOST_MULTIPLIED = 3;

/** Wires of the OR of so many bits, and as many rows. */
export function anyBitWires(count: number): number {
  return Math.min(Math.max(count - 1, 0), 2);
}

/** Emits the rows; the terms of o, none if there are no bits. */
export function emitAnyBit(sink: RowSink, bits: BitRange, firstWire: number): Term[] {
  const { firstBit, count } = bits;
  if (count === 0) return [];
  if (count > MOST_MULTIPLIED) return emitAnyBySum(sink, bits, firstWire);
  let or: Term[] = [[firstBit, 1]];
  for (let i = 1; i < count; i++) {
    const both = firstWire + i - 1;
    sink.row(combination(or), single(firstBit + i), single(both));
    or = [...or, [firstBit + i, 1], [both, -1]];
  }
  return or;
}

/** Sets the wires for bits of these values, each 0 or 1; whether any is set. */
export function assignAnyBit(
  witness: Witness,
  values: readonly number[],
  firstWire: number,
): boolean {
  const sum = values.reduce((total, bit) => total + bit, 0);
  if (values.length > MOST_MULTIPLIED) {
    witness.set(firstWire, sum === 0 ? 0 : 1);
    witness.set(firstWire + 1, sum === 0 ? 0 : inverseOf(sum));
    return sum > 0;
  }
  let or = values[0] ?? 0;
  for (let i = 1; i < values.length; i++) {
    witness.set(firstWire + i - 1, or * values[i]!);
    or |= values[i]!;
  }
  return sum > 0;
}

function emitAnyBySum(sink: RowSink, { firstBit, count }: BitRange, firstWire: number): Term[] {
  const sum = combination(Array.from({ length: count }, (_, i): Term => [firstBit + i, 1]));
  const [o, inverse] = [firstWire, firstWire + 1];
  const none: Term[] = [
    [0, 1],
    [o, -1],
  ];
  sink.row(sum, single(inverse), single(o));
  sink.row(sum, combination(none), ZERO_COMBINATION);
  return [[o, 1]];
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
