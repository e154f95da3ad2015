/** From the samples of a contest to the figures of its table. */

/** What is said of one contestant's samples. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** How many times as much the other needs. */
export interface Ratio {
  /** The median of the rounds' ratios: what changes slowly on the machine is in both halves. */
  readonly ratio: number;
  /** The least and the largest of the rounds: both ran one after the other in each. */
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without samples */
export function summarize(samples: readonly number[]): Summary {
  return { median: median(samples), min: Math.min(...samples), max: Math.max(...samples) };
}

/** The middle sample, or the mean of the two in the middle. @throws RangeError without samples */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('median: expected at least one sample');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Compares the samples of another with ours, round by round.
 * @throws RangeError unless both have the same number of samples, at least one
 */
export function compareSamples(other: readonly number[], ours: readonly number[]): Ratio {
  if (other.length !== ours.length) {
    throw new RangeError(`compareSamples: ${other.length} and ${ours.length} samples`);
  }
  const ratios = other.map((sample, i) => sample / ours[i]!);
  const { median: ratio, min, max } = summarize(ratios);
  return { ratio, min, max };
}

/** max − min as a share of the median: how far the runs lie apart. */
export function spreadOf({ median, min, max }: Summary): number {
  return (max - min) / median;
}
