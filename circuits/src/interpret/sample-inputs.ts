import type { SeededRandom } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';
import { boundaryValues, randomValues } from '../graph/range-values.ts';
import { type ElementRanges, uniformRanges } from '../graph/ranges.ts';

/** Every element of every input uniform in its range. */
export function randomInputs(random: SeededRandom, network: Network): Float64Array[] {
  return inputRanges(network).map((ranges) => randomValues(ranges, random));
}

/**
 * Inputs to compare two ways of running a network on: all least, all greatest and the two
 * alternations of them (`boundaryValues`), and `count` random ones.
 */
export function sampleInputs(
  random: SeededRandom,
  network: Network,
  count: number,
): Float64Array[][] {
  const boundaries = inputRanges(network).map(boundaryValues);
  const drawn = Array.from({ length: count }, () => randomInputs(random, network));
  return [...boundaries[0]!.map((_, i) => boundaries.map((values) => values[i]!)), ...drawn];
}

function inputRanges({ inputs }: Network): ElementRanges[] {
  return inputs.map(({ shape, lo, bits }) => uniformRanges(shape, lo, lo + 2 ** bits - 1));
}
