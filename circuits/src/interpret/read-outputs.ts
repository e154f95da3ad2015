import { type OutputReading, readOutput } from '@zkinfer/core';
import type { IntegerArray } from '../graph/integer-array.ts';
import type { Network } from '../graph/network.ts';

/** Reads the integers of a network's outputs, one array for each output. */
export function readOutputs(network: Network, outputs: readonly IntegerArray[]): OutputReading[] {
  return network.outputs.map((output, i) => {
    const { shape, scale } = network.tensors.get(output.tensor)!;
    return readOutput({ ...output, shape, scale }, outputs[i]!);
  });
}
