import { type FloatOperator, floatOperator } from '../float/float-operator.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import type { FloatNode, FloatOperation } from '../graph/float-graph.ts';
import { type HeavyOperator, outputChannelsOf, type PlannedLayer } from './plan-layers.ts';
import type { SplitWeights } from './split-weights.ts';

/**
 * A dense layer or convolution on tensors. The backend runs the float operator of the same kind
 * with integers for weights, each weight's digits being that many output channels side by side;
 * digits are put together and biases added here, in doubles.
 */
export class TensorLayer {
  readonly planned: PlannedLayer;
  readonly #tf: Tensorflow;
  readonly #operator: FloatOperator;

  /** Its weights are on the backend until it is disposed of. */
  constructor(tf: Tensorflow, planned: PlannedLayer) {
    this.planned = planned;
    this.#tf = tf;
    const { shape } = planned.operand;
    const node = floatNode(planned.operation, planned.weights);
    const graph = {
      name: node.name,
      inputs: [{ name: OPERAND, shape }],
      nodes: [node],
      outputs: [node.name],
    };
    this.#operator = floatOperator(tf, graph, node);
  }

  /** @param operand elements within the operand's static range */
  async run(operand: Float64Array): Promise<Float64Array> {
    const tf = this.#tf;
    const sums = tf.tidy(() => {
      const { shape } = this.planned.operand;
      return this.#operator.apply([tf.tensor(Float32Array.from(operand), [1, ...shape])]);
    });
    try {
      return joinDigits(await sums.data(), this.planned);
    } finally {
      sums.dispose();
    }
  }

  dispose(): void {
    this.#operator.dispose();
  }
}

const OPERAND = 'operand';

function floatNode(operation: HeavyOperator, { count, digits }: SplitWeights): FloatNode {
  const channels = outputChannelsOf(operation) * count;
  // Biases may be larger than a float32's integers, and are not split.
  const bias = new Float32Array(channels);
  const float: FloatOperation =
    operation.kind === 'dense'
      ? { kind: 'dense', units: channels, weights: digits, bias }
      : { ...operation, outputChannels: channels, kernel: digits, bias };
  return { name: 'sums', layer: 'sums', operation: float, inputs: [OPERAND], outputShape: [] };
}

/** sums[e · count + d] is digit d's sum of output element e. */
function joinDigits(
  sums: ArrayLike<number>,
  { operation, weights: { count, bits } }: PlannedLayer,
): Float64Array {
  const { bias } = operation;
  const output = new Float64Array(sums.length / count);
  for (let element = 0; element < output.length; element++) {
    let sum = bias[element % bias.length]!;
    for (let d = 0; d < count; d++) sum += sums[element * count + d]! * 2 ** (bits * d);
    output[element] = sum;
  }
  return output;
}
