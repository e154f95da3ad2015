import type { AffineOperator } from '../network.ts';
import type { LinearMap } from './linear-map.ts';

/** One term an element: its channel's weight. */
export function affineMap(
  operator: AffineOperator,
  [input]: readonly (readonly number[])[],
): LinearMap {
  const { weights, bias } = operator;
  const channels = weights.length;
  return {
    outputShape: input!,
    terms(element, visit) {
      const weight = weights[element % channels]!;
      if (weight !== 0) visit(0, element, weight);
    },
    bias: (element) => bias[element % channels]!,
  };
}
