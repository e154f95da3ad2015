import type { AddOperator } from '../network.ts';
import { type LinearMap, noBias } from './linear-map.ts';

/** One term from each input: the element at the same place. */
export function addMap(
  { multipliers }: AddOperator,
  [first]: readonly (readonly number[])[],
): LinearMap {
  return {
    outputShape: first!,
    terms(element, visit) {
      multipliers.forEach((multiplier, input) => {
        visit(input, element, multiplier);
      });
    },
    bias: noBias,
  };
}
