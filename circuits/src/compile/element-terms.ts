import { type Term, termsOf } from '../gadgets/combination.ts';
import type { LinearAccumulator } from './linear-accumulator.ts';
import type { TensorExpression } from './tensor-expression.ts';

/** One element of a tensor as terms. */
export function elementTerms(
  tensor: TensorExpression,
  element: number,
  accumulator: LinearAccumulator,
): Term[] {
  tensor.addTo(accumulator, element, 1);
  return termsOf(accumulator.take());
}
