import type { SeededRandom } from '@zkinfer/core';
import type { ElementRanges } from './ranges.ts';

/** Values within per-element ranges for which arithmetic is most likely to go wrong. */

/** All least, all greatest, and the two alternations of them. */
export function boundaryValues(ranges: ElementRanges): Float64Array[] {
  return [
    valuesOf(ranges, (lo) => lo),
    valuesOf(ranges, (_, hi) => hi),
    valuesOf(ranges, (lo, hi, i) => (i % 2 === 0 ? lo : hi)),
    valuesOf(ranges, (lo, hi, i) => (i % 2 === 1 ? lo : hi)),
  ];
}

/** Every element uniform in its range. */
export function randomValues(ranges: ElementRanges, random: SeededRandom): Float64Array {
  return valuesOf(ranges, (lo, hi) => random.int(lo, hi));
}

/** Every element at one end of its range or the other. */
export function randomCorner(ranges: ElementRanges, random: SeededRandom): Float64Array {
  return valuesOf(ranges, (lo, hi) => (random.boolean() ? lo : hi));
}

function valuesOf(
  { lo, hi }: ElementRanges,
  value: (lo: number, hi: number, element: number) => number,
): Float64Array {
  return Float64Array.from({ length: lo.length }, (_, i) => value(Number(lo[i]), Number(hi[i]), i));
}
