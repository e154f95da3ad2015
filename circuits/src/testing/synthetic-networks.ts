/**
 * Networks of published shapes with seeded weights: 8 bits, roughly normal with a standard
 * deviation of a quarter of the largest, as trained weights are. Only what IEEE arithmetic fixes is
 * used, so that every machine draws the same.
 */
import { type SeededRandom, seededRandom } from '@zkinfer/core/testing';
import type { Conv2dOperator, DenseOperator, Network, NetworkOperation } from '../graph/network.ts';
import { chainOf } from './network-sketch.ts';
import { requantize, UNPADDED } from './random-operations.ts';

const LARGEST = 127;
const DEVIATION = LARGEST / 4;
/**
 * Each requantisation keeps a byte, cut to ReLU; its shift is about what calibration would choose.
 */
const relu = requantize(10, 0, 255);

/** Fully connected layers of these widths on bytes, ReLU between them. */
export function syntheticPerceptron(widths: readonly number[], seed = 1): Network {
  const random = seededRandom(seed);
  const operations = widths.slice(1).flatMap((units, i): NetworkOperation[] => {
    const dense = normalDense(random, widths[i]!, units);
    return i === widths.length - 2 ? [dense] : [dense, relu];
  });
  return chainOf({ shape: [widths[0]!] }, ...operations);
}

/** LeNet-5 on 28×28 bytes, valid padding, average pooling: 6 and 16 maps, 120-84-10. */
export function syntheticLenet5(seed = 1): Network {
  const random = seededRandom(seed);
  const pool: NetworkOperation = {
    kind: 'averagePool2d',
    size: [2, 2],
    strides: [2, 2],
    padding: UNPADDED,
  };
  return chainOf(
    { shape: [28, 28, 1] },
    normalConv2d(random, 1, 6),
    relu,
    pool,
    normalConv2d(random, 6, 16),
    relu,
    pool,
    { kind: 'reshape', shape: [256] },
    normalDense(random, 256, 120),
    relu,
    normalDense(random, 120, 84),
    relu,
    normalDense(random, 84, 10),
  );
}

/** Weights and biases of a network that are not zero. */
export function parameterCount({ nodes }: Network): number {
  const arrays = nodes.flatMap(({ operation }) =>
    Object.values(operation).filter(ArrayBuffer.isView),
  );
  return arrays.reduce(
    (sum, array) =>
      sum + (array as Int16Array | Float64Array).filter((value) => value !== 0).length,
    0,
  );
}

function normalDense(random: SeededRandom, inputs: number, units: number): DenseOperator {
  const weights = normalWeights(random, inputs * units);
  return { kind: 'dense', units, weights, bias: normalBias(random, units) };
}

function normalConv2d(
  random: SeededRandom,
  channels: number,
  outputChannels: number,
): Conv2dOperator {
  return {
    kind: 'conv2d',
    size: [5, 5],
    strides: [1, 1],
    padding: UNPADDED,
    dilations: [1, 1],
    groups: 1,
    outputChannels,
    kernel: normalWeights(random, 25 * channels * outputChannels),
    bias: normalBias(random, outputChannels),
  };
}

function normalWeights(random: SeededRandom, length: number): Int16Array {
  return Int16Array.from({ length }, () => {
    const weight = Math.round(normal(random) * DEVIATION);
    return Math.min(Math.max(weight, -LARGEST), LARGEST);
  });
}

function normalBias(random: SeededRandom, length: number): Float64Array {
  return Float64Array.from({ length }, () => Math.round(normal(random) * 2 ** 10));
}

/** The sum of three uniform draws from [−1, 1), whose variance is 1: near enough to normal. */
function normal(random: SeededRandom): number {
  return random.float(-1, 1) + random.float(-1, 1) + random.float(-1, 1);
}
