/** Networks for tests, in few words: scales are 1, names are given where they matter. */
import { buildNetwork } from '../graph/build-network.ts';
import type { Network, NetworkInput, NetworkOperation } from '../graph/network.ts';

/** An input; a byte from 0 unless told. */
export interface InputSketch {
  readonly name?: string;
  readonly shape: readonly number[];
  readonly lo?: number;
  readonly bits?: number;
}

/** Name, operator, names of its operands. */
export type NodeSketch = readonly [name: string, operation: NetworkOperation, ...inputs: string[]];

/** A network input from its sketch, named `x` unless told. */
export function inputOf({ name = 'x', shape, lo = 0, bits = 8 }: InputSketch): NetworkInput {
  return { name, shape, scale: 1, lo, bits };
}

/** A network from sketches; its outputs are the tensors named, or the last node's. */
export function networkOf(
  inputs: readonly InputSketch[],
  nodes: readonly NodeSketch[],
  outputs: readonly string[] = [nodes[nodes.length - 1]![0]],
): Network {
  return buildNetwork({
    name: 'sketch',
    inputs: inputs.map(inputOf),
    nodes: nodes.map(([name, operation, ...operands]) => ({
      name,
      operation,
      inputs: operands,
      scale: 1,
    })),
    outputs: outputs.map((tensor) => ({
      name: tensor,
      tensor,
      meaning: 'activation',
      softmax: false,
    })),
  });
}

/** Operators one after the other on one input `x`; their tensors are named t0, t1, … */
export function chainOf(input: InputSketch, ...operations: readonly NetworkOperation[]): Network {
  const named = { ...input, name: 'x' };
  return networkOf(
    [named],
    operations.map((operation, i): NodeSketch => [`t${i}`, operation, i === 0 ? 'x' : `t${i - 1}`]),
  );
}
