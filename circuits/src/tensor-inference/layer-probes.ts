import type { SeededRandom } from '@zkinfer/core';
import type { LinearMap } from '../graph/linear/linear-map.ts';
import { linearMapOf } from '../graph/linear/linear-map-of.ts';
import { boundaryValues, randomCorner, randomValues } from '../graph/range-values.ts';
import type { ElementRanges } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import { outputChannelsOf, type PlannedLayer } from './plan-layers.ts';

/** Random operands of each sort. */
const DRAWS = 4;

/** At most so many output channels are driven to their extremes. */
const MAX_CHANNELS = 16;

/** Products that driving channels may cost, for the interpreter to do: a second or two. */
const MAX_PRODUCTS = 2 ** 29;

/**
 * Operands for which a layer computed in 32-bit floats is most likely to be wrong. They fill the
 * operand's static range, which a network's ordinary inputs may never do: numbers that ordinary
 * inputs keep below 2^11 hide that a backend multiplies with 11 bits of significand (TF32).
 */
export function* layerProbes(layer: PlannedLayer, random: SeededRandom): Generator<Float64Array> {
  const { ranges } = layer.operand;
  yield* boundaryValues(ranges);
  for (let i = 0; i < DRAWS; i++) {
    yield randomValues(ranges, random);
    yield randomCorner(ranges, random);
  }
  const map = linearMapOf(layer.operation, [layer.operand.shape]);
  for (const element of drivenElements(layer, map, random)) {
    yield* extremesOf(element, map, ranges, random);
  }
}

/** One output element of each of several channels, in the middle of an image. */
function drivenElements(layer: PlannedLayer, map: LinearMap, random: SeededRandom): number[] {
  const channels = outputChannelsOf(layer.operation);
  const affordable = Math.floor(MAX_PRODUCTS / (2 * layer.products));
  const count = Math.min(channels, MAX_CHANNELS, Math.max(1, affordable));
  const places = elementCount(map.outputShape) / channels;
  const middle = Math.floor(places / 2) * channels;
  const start = random.int(0, channels - 1);
  return Array.from({ length: count }, (_, i) => {
    return middle + ((start + Math.floor((i * channels) / count)) % channels);
  });
}

/** Operands that make one output element as large, and as small, as it can be. */
function extremesOf(
  element: number,
  map: LinearMap,
  { lo, hi }: ElementRanges,
  random: SeededRandom,
): Float64Array[] {
  const largest = randomCorner({ lo, hi }, random);
  const smallest = Float64Array.from(largest);
  map.terms(element, (_, index, weight) => {
    largest[index] = Number((weight > 0 ? hi : lo)[index]);
    smallest[index] = Number((weight > 0 ? lo : hi)[index]);
  });
  return [largest, smallest];
}
