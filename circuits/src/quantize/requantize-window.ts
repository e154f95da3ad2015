import type { RequantizeStep } from './quantization-plan.ts';
import type { TensorStatistics } from './tensor-statistics.ts';

/** The integers that a requantisation clamps to. */
export interface RequantizeWindow {
  readonly lo: number;
  readonly hi: number;
}

/**
 * Bounds that are off by half a step round to the same integers; a hair more for the sake of
 * floating point.
 */
const HALF_STEP = 0.5 + 1e-6;
/**
 * Values beyond the calibrated ones are to be expected, the more so the fewer there are: one more
 * is taken to lie this much further out on either side.
 */
const OVERSHOOT = 1.15;

/**
 * The window of a requantisation at a scale: 2^bits consecutive integers around 0, as many of them
 * below it as the calibrated values call for (none after a ReLU), cut where the activation's own
 * bounds are tighter.
 */
export function requantizeWindow(
  step: RequantizeStep,
  statistics: TensorStatistics,
  scale: number,
): RequantizeWindow {
  const first = firstInteger(step, statistics);
  const lo = Math.max(first, Math.ceil(step.min / scale - HALF_STEP));
  const last = Math.max(first, lo) + 2 ** step.bits - 1;
  const hi = Math.min(last, Math.floor(step.max / scale + HALF_STEP));
  return { lo, hi: Math.max(hi, lo + 1) };
}

/**
 * The scale at which the window covers all values to be expected, to half a step; 0 if they are all
 * 0.
 */
export function coveringScale(step: RequantizeStep, statistics: TensorStatistics): number {
  const { least, greatest } = extent(step, statistics);
  return (greatest - least) / (2 ** step.bits - 1);
}

/**
 * Mean square error of the calibrated values after a requantisation to a scale: what rounding and
 * clamping do to them.
 */
export function requantizeError(
  step: RequantizeStep,
  statistics: TensorStatistics,
  scale: number,
): number {
  const { lo, hi } = requantizeWindow(step, statistics, scale);
  const square = (value: number): number => {
    const rounded = Math.min(Math.max(Math.floor(value / scale + 0.5), lo), hi);
    return (value - rounded * scale) ** 2;
  };
  const { means, counts } = statistics;
  const { least, greatest } = extent(step, statistics);
  let [squares, elements] = [square(least) + square(greatest), 2];
  for (let i = 0; i < means.length; i++) {
    squares += counts[i]! * square(Math.min(Math.max(means[i]!, step.min), step.max));
    elements += counts[i]!;
  }
  return squares / elements;
}

/** The least and greatest value to be expected, 0 always between them. */
function extent(step: RequantizeStep, { min, max }: TensorStatistics) {
  return {
    least: Math.min(0, Math.max(min * OVERSHOOT, step.min)),
    greatest: Math.max(0, Math.min(max * OVERSHOOT, step.max)),
  };
}

function firstInteger(step: RequantizeStep, statistics: TensorStatistics): number {
  const { least, greatest } = extent(step, statistics);
  if (least === 0) return 0;
  return -Math.round((2 ** step.bits - 1) * (least / (least - greatest)));
}
