import { argmax } from '../graph/argmax.ts';

/**
 * How a class is read from an output's reals: the largest element, lowest index on ties; or for an
 * output of one element whether it lies above a threshold.
 */
export type Decision =
  | { readonly kind: 'largest' }
  | { readonly kind: 'above'; readonly threshold: number };

/**
 * One score for each class such that the class is the largest's index: the reals themselves, or [0,
 * x − threshold].
 */
export function classScores(decision: Decision, reals: ArrayLike<number>): ArrayLike<number> {
  return decision.kind === 'largest' ? reals : [0, reals[0]! - decision.threshold];
}

/** The class that an output's reals stand for. */
export function decide(decision: Decision, reals: ArrayLike<number>): number {
  return argmax(classScores(decision, reals));
}
