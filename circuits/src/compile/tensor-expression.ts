import type { Coefficient } from '@zkinfer/core';
import { exactProduct } from '../gadgets/combination.ts';
import type { LinearMap } from '../graph/linear/linear-map.ts';
import type { ElementRanges, RangedTensor } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import type { LinearAccumulator } from './linear-accumulator.ts';

/**
 * A tensor as the circuit sees it: each element a linear combination of wires. Linear operators
 * only rewrite expressions; that is why they cost no rows.
 */
export interface TensorExpression extends RangedTensor {
  /** The network's tensor, where the trace holds the values. */
  readonly name: string;
  /** No element has more terms than this. */
  readonly maxTerms: number;
  /** Adds factor · element to the accumulator. */
  addTo(accumulator: LinearAccumulator, element: number, factor: Coefficient): void;
}

/** A tensor whose elements are consecutive wires. */
export function wireTensor(
  name: string,
  shape: readonly number[],
  ranges: ElementRanges,
  firstWire: number,
): TensorExpression {
  return {
    name,
    shape,
    ranges,
    maxTerms: 1,
    addTo(accumulator, element, factor) {
      accumulator.add(firstWire + element, factor);
    },
  };
}

/** The image of expressions under a linear operator. */
export function linearTensor(
  name: string,
  map: LinearMap,
  operands: readonly TensorExpression[],
  ranges: ElementRanges,
): TensorExpression {
  return {
    name,
    shape: map.outputShape,
    ranges,
    maxTerms: maxTermsOf(map, operands),
    addTo(accumulator, element, factor) {
      const bias = map.bias(element);
      if (bias !== 0) accumulator.add(0, exactProduct(factor, bias));
      map.terms(element, (input, index, weight) => {
        operands[input]!.addTo(accumulator, index, exactProduct(factor, weight));
      });
    },
  };
}

function maxTermsOf(map: LinearMap, operands: readonly TensorExpression[]): number {
  let most = 0;
  for (let element = 0; element < elementCount(map.outputShape); element++) {
    let terms = map.bias(element) === 0 ? 0 : 1;
    map.terms(element, (input) => {
      terms += operands[input]!.maxTerms;
    });
    most = Math.max(most, terms);
  }
  return most;
}
