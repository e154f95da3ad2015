import { buildNetwork, type Network, type NetworkDescription } from '@zkinfer/circuits';
import { seededRandom } from '@zkinfer/core/testing';

/** A multi-layer perceptron: `layers` hidden layers of `width` ReLUs each. */
export interface MlpShape {
  readonly inputs: number;
  readonly width: number;
  readonly layers: number;
  readonly outputs: number;
}

type Node = NetworkDescription['nodes'][number];

/** Weights have 8 bits, activations too. */
const LARGEST_WEIGHT = 127;
const LARGEST_ACTIVATION = 255;

/** Weights and biases. */
export function parameterCount({ inputs, width, layers, outputs }: MlpShape): number {
  return (inputs + 1) * width + (layers - 1) * (width + 1) * width + (width + 1) * outputs;
}

/** A quantised network of a shape, with random weights; the same for the same seed. */
export function randomMlp({ inputs, width, layers, outputs }: MlpShape, seed: number): Network {
  const random = seededRandom(seed);
  const nodes: Node[] = [];
  let before = { name: 'input', length: inputs };
  const dense = (units: number) => {
    const name = `dense${nodes.length}`;
    const length = before.length * units;
    const weights = Int16Array.from({ length }, () => random.int(-LARGEST_WEIGHT, LARGEST_WEIGHT));
    const operation = { kind: 'dense', units, weights, bias: new Float64Array(units) } as const;
    nodes.push({ name, operation, inputs: [before.name], scale: 1 });
    before = { name, length: units };
  };
  for (let layer = 0; layer < layers; layer++) {
    dense(width);
    const name = `relu${nodes.length}`;
    // Random sums grow as the root of their length; less would leave activations unused.
    const shift = 5 + Math.round(Math.log2(before.length) / 2);
    const bounds = { lo: 0, hi: LARGEST_ACTIVATION };
    const operation = { kind: 'requantize', multipliers: [1], shift, ...bounds } as const;
    nodes.push({ name, operation, inputs: [before.name], scale: 1 });
    before = { name, length: width };
  }
  dense(outputs);
  return buildNetwork({
    name: `mlp-${layers}x${width}`,
    inputs: [{ name: 'input', shape: [inputs], scale: 1, lo: 0, bits: 8 }],
    nodes,
    outputs: [{ name: 'output', tensor: before.name, meaning: 'logits', softmax: false }],
  });
}
