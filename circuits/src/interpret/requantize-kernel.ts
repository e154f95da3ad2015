import { isWide, MAX_NARROW } from '../graph/integer-array.ts';
import type { RequantizeOperator } from '../graph/network.ts';
import { type ElementRanges, overallRange } from '../graph/ranges.ts';

/** Powers of two beyond this leave no room for the rounding term in a double. */
const MAX_KERNEL_SHIFT = 51;

/** Whether x · m + round is a safe integer for every x in range, so that `requantizeKernel` is exact. */
export function fitsRequantizeKernel(operator: RequantizeOperator, ranges: ElementRanges): boolean {
  if (isWide(ranges.lo)) return false;
  const { lo, hi } = overallRange(ranges);
  const magnitude = [hi, -lo].reduce((a, b) => (a > b ? a : b));
  const multiplier = BigInt(Math.max(...operator.multipliers));
  return operator.shift <= MAX_KERNEL_SHIFT && magnitude * multiplier <= BigInt(MAX_NARROW) / 2n;
}

/**
 * clamp(floor((x · m + round) / 2^shift), lo, hi) of each element in doubles; the division is a product with a power of
 * two, which is exact. Slow twin: `requantizeValue`, whose checks for each element took a third of the interpreter's time.
 */
export function requantizeKernel(operator: RequantizeOperator, input: Float64Array): Float64Array {
  const { multipliers, shift, lo, hi } = operator;
  const round = shift === 0 ? 0 : 2 ** (shift - 1);
  const factor = 2 ** -shift;
  const channels = multipliers.length;
  const output = new Float64Array(input.length);
  for (let i = 0; i < input.length; i++) {
    const scaled = Math.floor((input[i]! * multipliers[i % channels]! + round) * factor);
    output[i] = scaled < lo ? lo : scaled > hi ? hi : scaled;
  }
  return output;
}
