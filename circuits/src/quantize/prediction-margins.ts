import { classScores, type Decision } from '../evaluate/decision.ts';
import { argmax } from '../interpret/interpret.ts';
import { normalTail } from './normal-distribution.ts';

/**
 * By how much the float model's class leads each other class, sample after sample: what an error of the difference of two
 * scores must exceed to change the prediction.
 */
export interface PredictionMargins {
  readonly samples: number;
  readonly margins: Float64Array;
}

/** The margins of a float tensor of scores, one row of `size` elements for each sample. */
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
  return { samples, margins: Float64Array.from(margins) };
}

/**
 * The share of predictions expected to change if differences of scores have normal errors of deviation σ: the mean over
 * samples of Σ P(error > margin), at most 1. Smooth in σ, where counting changes on some hundred samples sees none.
 */
export function expectedChangedShare(
  { samples, margins }: PredictionMargins,
  deviation: number,
): number {
  if (deviation === 0) return 0;
  const others = margins.length / samples;
  let sum = 0;
  for (let sample = 0; sample < samples; sample++) {
    let share = 0;
    for (let c = 0; c < others; c++) share += normalTail(margins[sample * others + c]! / deviation);
    sum += Math.min(share, 1);
  }
  return sum / samples;
}
