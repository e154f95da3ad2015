import type { CalibrationRun } from './calibration-run.ts';

/** What scale choice needs to know of a float tensor over all calibration samples. */
export interface TensorStatistics {
  readonly min: number;
  readonly max: number;
  readonly meanSquare: number;
  /**
   * How its elements are distributed: in each of many narrow bins their mean and number; empty bins
   * are left out.
   */
  readonly means: Float64Array;
  readonly counts: Float64Array;
}

/** Statistics of the tensors of a run by name, worked out when first asked for. */
export type StatisticsOf = (tensor: string) => TensorStatistics;

/**
 * Sixty-four bins for a step of 8 bits, so that rounding the means errs as rounding the elements
 * does.
 */
const BINS = 1 << 14;

/** The statistics of a run's tensors. */
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
  return { min, max, meanSquare: squares / values.length, ...histogram(values, min, max) };
}

function histogram(values: Float32Array, min: number, max: number) {
  const sums = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  const binsPerUnit = max > min ? (BINS - 1) / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i]! - min) * binsPerUnit);
    sums[bin]! += values[i]!;
    counts[bin]!++;
  }
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  return {
    means: Float64Array.from(filled, (bin) => sums[bin]! / counts[bin]!),
    counts: Float64Array.from(filled, (bin) => counts[bin]!),
  };
}
