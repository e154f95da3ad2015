import type { Integer } from './integer-array.ts';

/** The lowest index of a largest element. */
export function argmax(values: ArrayLike<Integer>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
