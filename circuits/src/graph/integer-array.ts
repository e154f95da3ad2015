/**
 * Integers of a tensor: doubles while every intermediate value is a safe integer, 64-bit integers
 * otherwise. Doubles are what makes the interpreter fast; no rounding ever happens in them.
 */
export type IntegerArray = Float64Array | BigInt64Array;

/**
 * An integer of either representation. Comparison operators mix them freely; arithmetic does not.
 */
export type Integer = number | bigint;

/** Integers up to this magnitude are exact in a double. */
export const MAX_NARROW = Number.MAX_SAFE_INTEGER;

/**
 * Accumulators have at most this many bits, so that both their value and their width fit 64-bit
 * integers.
 */
export const MAX_ACCUMULATOR_BITS = 62;

/** Whether a tensor is held in 64-bit integers. */
export function isWide(array: IntegerArray): array is BigInt64Array {
  return array instanceof BigInt64Array;
}

/** The bits of an unsigned integer: 0 for 0, else ⌊log2⌋ + 1. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
