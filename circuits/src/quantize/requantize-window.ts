import type { RequantizeStep } from './quantization-plan.ts';
import type { TensorStatistics } from './tensor-statistics.ts';

/** The integers that a requantisation clamps to. */
export interface RequantizeWindow {
  readonly lo: number;
  readonly hi: number;
}

/** Bounds that are off by half a step round to the same integers; a hair more for the sake of floating point. */
const HALF_STEP = 0.5 + 1e-6;

/**
 * The window of a requantisation at a scale: 2^bits consecutive integers around 0, as many of them below it as the
 * calibrated values call for (none after a ReLU), cut where the activation's own bounds are tighter.
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

/** The smallest scale at which the window covers all calibrated values; 0 if they are all 0. */
export function coveringScale(step: RequantizeStep, statistics: TensorStatistics): number {
  const { least, greatest } = extent(step, statistics);
  const first = firstInteger(step, statistics);
  const last = first + 2 ** step.bits - 1;
  return Math.max(last > 0 ? greatest / last : 0, first < 0 ? least / first : 0);
}

/**
 * Mean square error of the calibrated values after a requantisation to a scale: what rounding and clamping do to them.
 */
export function requantizeError(
  step: RequantizeStep,
  statistics: TensorStatistics,
  scale: number,
): number {
  const { lo, hi } = requantizeWindow(step, statistics, scale);
  const { means, counts } = statistics;
  let [squares, elements] = [0, 0];
  for (let i = 0; i < means.length; i++) {
    const value = Math.min(Math.max(means[i]!, step.min), step.max);
    const rounded = Math.min(Math.max(Math.floor(value / scale + 0.5), lo), hi);
    squares += counts[i]! * (value - rounded * scale) ** 2;
    elements += counts[i]!;
  }
  return squares / elements;
}

/** The calibrated values' least and greatest, 0 always among them. */
function extent(step: RequantizeStep, { min, max }: TensorStatistics) {
  return {
    least: Math.min(0, Math.max(min, step.min)),
    greatest: Math.max(0, Math.min(max, step.max)),
  };
}

function firstInteger(step: RequantizeStep, statistics: TensorStatistics): number {
  const { least, greatest } = extent(step, statistics);
  if (least === 0) return 0;
  return -Math.round((2 ** step.bits - 1) * (least / (least - greatest)));
}
