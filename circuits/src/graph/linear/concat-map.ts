import type { ConcatOperator } from '../network.ts';
import { elementCount } from '../shape.ts';
import { type LinearMap, noBias } from './linear-map.ts';

/** One term an element, from the input whose stretch of the axis it lies in. */
export function concatMap(
  { axis, multipliers }: ConcatOperator,
  inputs: readonly (readonly number[])[],
): LinearMap {
  const extents = inputs.map((shape) => shape[axis]!);
  const total = extents.reduce((sum, extent) => sum + extent, 0);
  const outputShape = inputs[0]!.map((dimension, i) => (i === axis ? total : dimension));
  const inner = elementCount(outputShape.slice(axis + 1));
  return {
    outputShape,
    terms(element, visit) {
      const offset = element % inner;
      const place = (element - offset) / inner;
      let along = place % total;
      const outer = (place - along) / total;
      let input = 0;
      while (along >= extents[input]!) along -= extents[input++]!;
      visit(input, (outer * extents[input]! + along) * inner + offset, multipliers[input]!);
    },
    bias: noBias,
  };
}
