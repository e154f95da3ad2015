import type { DenseOperator } from '../network.ts';
import type { LinearMap } from './linear-map.ts';

/** The terms of a dense layer: every input element, in order; zero weights are left out. */
export function denseMap(operator: DenseOperator): LinearMap {
  const { units, weights, bias } = operator;
  const inputs = weights.length / units;
  return {
    outputShape: [units],
    terms(element, visit) {
      for (let i = 0; i < inputs; i++) {
        const weight = weights[i * units + element]!;
        if (weight !== 0) visit(0, i, weight);
      }
    },
    bias: (element) => bias[element]!,
  };
}
