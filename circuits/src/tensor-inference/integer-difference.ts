import type { IntegerArray } from '../graph/integer-array.ts';
import type { Network } from '../graph/network.ts';
import type { Trace } from '../interpret/interpret.ts';

/** Says where an array first differs from what it must be, without its values; else undefined. */
export function integerDifference(
  actual: IntegerArray,
  expected: IntegerArray,
): string | undefined {
  if (actual.length !== expected.length) {
    return `${actual.length} elements, not ${expected.length}`;
  }
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] !== expected[i]) return `element ${i} of ${expected.length}`;
  }
  return undefined;
}

/** The same for all tensors of a run, in evaluation order, so that the first is to blame. */
export function traceDifference(
  network: Network,
  actual: Trace,
  expected: Trace,
): string | undefined {
  for (const { name } of network.nodes) {
    const difference = integerDifference(actual.get(name)!, expected.get(name)!);
    if (difference !== undefined) return `${name}, ${difference}`;
  }
  return undefined;
}
