/** Inputs of networks for tests: random ones and those at the ends of the ranges. */
import type { SeededRandom } from '@zkinfer/core/testing';
import type { Network, NetworkInput } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';

type Inputs = Float64Array[];

const greatestOf = ({ lo, bits }: NetworkInput): number => lo + 2 ** bits - 1;

function fill(network: Network, value: (input: NetworkInput, element: number) => number): Inputs {
  return network.inputs.map((input) =>
    Float64Array.from({ length: elementCount(input.shape) }, (_, i) => value(input, i)),
  );
}

/** Every element uniform in its range. */
export function randomInputs(random: SeededRandom, network: Network): Inputs {
  return fill(network, (input) => random.int(input.lo, greatestOf(input)));
}

/** All least, all greatest, and the two alternations of them. */
export function boundaryInputs(network: Network): Inputs[] {
  return [
    fill(network, ({ lo }) => lo),
    fill(network, greatestOf),
    fill(network, (input, i) => (i % 2 === 0 ? input.lo : greatestOf(input))),
    fill(network, (input, i) => (i % 2 === 1 ? input.lo : greatestOf(input))),
  ];
}

/** The boundary ones and `count` random ones. */
export function sampleInputs(random: SeededRandom, network: Network, count: number): Inputs[] {
  const drawn = Array.from({ length: count }, () => randomInputs(random, network));
  return [...boundaryInputs(network), ...drawn];
}
