import type { CalibrationRun } from './calibration-run.ts';

/** What scale choice needs to know of a float tensor over all calibration samples. */
export interface TensorStatistics {
  readonly min: number;
  readonly max: number;
  readonly meanSquare: number;
  /** Some of its elements, spread evenly over samples and positions. */
  readonly sample: Float32Array;
}

/** Statistics of the tensors of a run by name, worked out when first asked for. */
export type StatisticsOf = (tensor: string) => TensorStatistics;

/** Enough for a mean square error to a percent. */
const SAMPLE_SIZE = 1 << 15;
/** Steps of this share of the length visit all residues evenly (Weyl's sequence of the golden ratio). */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

export function statisticsOf(run: CalibrationRun): StatisticsOf {
  const known = new Map<string, TensorStatistics>();
  return (tensor) => {
    const found = known.get(tensor) ?? summarize(run.tensors.get(tensor)!);
    known.set(tensor, found);
    return found;
  };
}

function summarize(values: Float32Array): TensorStatistics {
  let [min, max, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    squares += value * value;
  }
  return { min, max, meanSquare: squares / values.length, sample: sampled(values) };
}

function sampled(values: Float32Array): Float32Array {
  if (values.length <= SAMPLE_SIZE) return values;
  return Float32Array.from({ length: SAMPLE_SIZE }, (_, i) => {
    const place = (i * GOLDEN_RATIO) % 1;
    return values[Math.floor(place * values.length)]!;
  });
}
