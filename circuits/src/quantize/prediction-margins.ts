import { classScores, type Decision } from '../evaluate/decision.ts';
import { argmax } from '../graph/argmax.ts';
import { meanNormalTail, normalTail } from './normal-distribution.ts';

/**
 * By how much the float model's class leads each other class, over all samples, ascending: what an
 * error of the difference of two scores must exceed to change a prediction.
 */
export interface PredictionMargins {
  readonly samples: number;
  readonly margins: Float64Array;
}

/**
 * So many of the smallest margins stand for their density only: a single tie among them says
 * little.
 */
const SMOOTHED = 10;

/** The margins of a float tensor of scores, one row for each sample. */
export function predictionMargins(
  decision: Decision,
  scores: Float32Array,
  samples: number,
): PredictionMargins {
  const size = scores.length / samples;
  const margins: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const row = scores.subarray(sample * size, (sample + 1) * size);
    const classes = classScores(decision, row);
    const best = argmax(classes);
    for (let c = 0; c < classes.length; c++) {
      if (c !== best) margins.push(classes[best]! - classes[c]!);
    }
  }
  return { samples, margins: Float64Array.from(margins).sort() };
}

/**
 * The share of predictions expected to change if differences of scores have normal errors of
 * deviation σ: Σ P(error > margin) / samples, at most 1, the smallest margins taken as spread
 * evenly. Smooth in σ, where counting changes on some hundred samples sees none.
 */
export function expectedChangedShare(
  { samples, margins }: PredictionMargins,
  deviation: number,
): number {
  if (deviation === 0) return 0;
  const smoothed = Math.min(SMOOTHED, margins.length);
  let sum = smoothed * meanNormalTail(margins[smoothed - 1]! / deviation);
  for (let i = smoothed; i < margins.length; i++) sum += normalTail(margins[i]! / deviation);
  return Math.min(1, sum / samples);
}
