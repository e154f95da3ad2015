import type { SeededRandom } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';
import { interpret } from '../interpret/interpret.ts';
import { prepareNetwork } from '../interpret/prepare-network.ts';
import { sampleInputs } from '../interpret/sample-inputs.ts';
import { integerDifference, traceDifference } from './integer-difference.ts';
import { layerProbes } from './layer-probes.ts';
import { runLayers } from './run-layers.ts';
import type { TensorLayer } from './tensor-layer.ts';

/** Random inputs on which whole networks are compared. */
const DRAWS = 8;

/**
 * Compares layers on tensors with the interpreter, bit for bit: each layer alone on operands that
 * fill its static range (`layerProbes`), then all tensors of whole runs. What it is there to find:
 * products rounded to fewer bits (TF32), convolutions computed by other sums (Winograd, FFT),
 * wrong kernels. Batches of one, as inferences are: backends choose algorithms by shape.
 *
 * @returns what differs, or undefined
 */
export async function selfCheck(
  network: Network,
  layers: readonly TensorLayer[],
  random: SeededRandom,
): Promise<string | undefined> {
  for (const layer of layers) {
    const difference = await checkLayer(network, layer, random);
    if (difference !== undefined) return difference;
  }
  for (const inputs of sampleInputs(random, network, DRAWS)) {
    const actual = await runLayers(network, layers, inputs);
    const difference = traceDifference(network, actual, interpret(network, inputs));
    if (difference !== undefined) return `${difference}, of a whole run`;
  }
  return undefined;
}

async function checkLayer(
  network: Network,
  layer: TensorLayer,
  random: SeededRandom,
): Promise<string | undefined> {
  const { index } = layer.planned;
  const step = prepareNetwork(network).steps[index]!;
  for (const operand of layerProbes(layer.planned, random)) {
    const difference = integerDifference(await layer.run(operand), step([operand]));
    if (difference !== undefined) return `${network.nodes[index]!.name}, ${difference}`;
  }
  return undefined;
}
