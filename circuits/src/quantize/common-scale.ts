/** Integers that bring tensors of several scales to one. */
export interface CommonScale {
  readonly scale: number;
  /** scales[i] ≈ multipliers[i] · scale. */
  readonly multipliers: readonly number[];
  /** The largest relative error of that. */
  readonly error: number;
}

/** Ratios this close to integers are meant to be integers. */
const EXACT = 1e-9;
/**
 * A quarter of a step of the largest 8-bit value: not noticed beside the rounding of what is
 * brought together.
 */
const TOLERATED = 2 ** -10;
const MAX_DIVISOR = 1 << 12;

/**
 * The coarsest common scale whose multipliers are exact, or where there is none the coarsest within
 * a thousandth.
 */
export function commonScale(scales: readonly number[]): CommonScale {
  const smallest = Math.min(...scales);
  let tolerated: CommonScale | undefined;
  for (let divisor = 1; divisor <= MAX_DIVISOR; divisor++) {
    const candidate = withScale(scales, smallest / divisor);
    if (candidate.error <= EXACT && divisor <= 256) return candidate;
    if (candidate.error <= TOLERATED) tolerated ??= candidate;
    if (tolerated !== undefined && divisor >= 256) return tolerated;
  }
  return tolerated ?? withScale(scales, smallest / MAX_DIVISOR);
}

function withScale(scales: readonly number[], scale: number): CommonScale {
  const multipliers = scales.map((s) => Math.round(s / scale));
  const errors = scales.map((s, i) => Math.abs((multipliers[i]! * scale) / s - 1));
  return { scale, multipliers, error: Math.max(...errors) };
}
