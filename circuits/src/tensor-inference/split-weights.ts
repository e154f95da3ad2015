/**
 * Integer weights that a backend of 32-bit floats can sum exactly.
 *
 * A float32 holds every integer up to 2^24 (IEEE 754: 24 bits of significand). A sum of products of
 * integers is therefore exact, in whatever order and with or without fused multiply-add, as long as
 * the magnitudes of its terms add up to 2^24 at most. Weights whose sums are larger are split into
 * digits, each summed on its own; the digits' sums are put together in doubles.
 */

/** Magnitudes up to this are exact in a float32. */
export const MAX_EXACT_FLOAT32 = 2 ** 24;

/** More digits than this cost more products than they are worth: the interpreter takes the layer. */
const MAX_DIGITS = 4;

/**
 * weights[i] = Σ_d digits[i · count + d] · 2^(bits · d). Digits have the sign of their weight, so
 * that the magnitudes of a weight's shifted digits add up to its own, and no combination of partial
 * sums leaves the range of the whole one.
 */
export interface SplitWeights {
  readonly count: number;
  readonly bits: number;
  readonly digits: Float32Array;
}

/**
 * Splits weights into as few digits as exact sums need.
 * @param weights with the output channel as last axis
 * @param operandMagnitude the largest |x| that a weight is multiplied with
 * @returns undefined if 4 digits are not enough
 */
export function splitWeights(
  weights: Int16Array,
  channels: number,
  operandMagnitude: number,
): SplitWeights | undefined {
  for (let count = 1; count <= MAX_DIGITS; count++) {
    const split = digitsOf(weights, count);
    if (largestSum(split, channels) * operandMagnitude <= MAX_EXACT_FLOAT32) return split;
  }
  return undefined;
}

function digitsOf(weights: Int16Array, count: number): SplitWeights {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1);
  const bits = Math.ceil((Math.floor(Math.log2(largest)) + 1) / count);
  const mask = 2 ** bits - 1;
  const digits = new Float32Array(weights.length * count);
  weights.forEach((weight, i) => {
    for (let d = 0; d < count; d++) {
      digits[i * count + d] = Math.sign(weight) * ((Math.abs(weight) >> (bits * d)) & mask);
    }
  });
  return { count, bits, digits };
}

/** Σ |digit| of the output channel and digit for which it is largest. */
function largestSum({ count, digits }: SplitWeights, channels: number): number {
  const sums = new Float64Array(channels * count);
  digits.forEach((digit, i) => {
    sums[i % sums.length]! += Math.abs(digit);
  });
  return sums.reduce((most, sum) => Math.max(most, sum), 0);
}
