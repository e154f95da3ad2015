import type { IntegerArray } from '../graph/integer-array.ts';
import type { Network } from '../graph/network.ts';
import type { Trace } from '../interpret/interpret.ts';
import { prepareNetwork } from '../interpret/prepare-network.ts';
import type { TensorLayer } from './tensor-layer.ts';

/**
 * Runs a network as `interpret` does, but these layers on tensors.
 * @param inputs as `interpret` takes them, already checked
 */
export async function runLayers(
  network: Network,
  layers: readonly TensorLayer[],
  inputs: readonly Float64Array[],
): Promise<Trace> {
  const onTensors = new Map(layers.map((layer) => [layer.planned.index, layer]));
  const { steps } = prepareNetwork(network);
  const trace = new Map<string, IntegerArray>();
  for (const [i, input] of network.inputs.entries()) trace.set(input.name, inputs[i]!);
  for (const [i, node] of network.nodes.entries()) {
    const operands = node.inputs.map((name) => trace.get(name)!);
    const layer = onTensors.get(i);
    const output =
      layer === undefined ? steps[i]!(operands) : await layer.run(operands[0] as Float64Array);
    trace.set(node.name, output);
  }
  return trace;
}
