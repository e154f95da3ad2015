/** Operators with random parameters, for tests. */
import type { SeededRandom } from '@zkinfer/core/testing';
import type { Padding2d, Window2d } from '../graph/float-graph.ts';
import type {
  AffineOperator,
  Conv2dOperator,
  DenseOperator,
  RequantizeOperator,
} from '../graph/network.ts';

export const UNPADDED: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };

/** Weights of `bits` bits with sign, one in five of them zero. */
export function randomWeights(random: SeededRandom, length: number, bits = 8): Int16Array {
  const most = 2 ** (bits - 1) - 1;
  return Int16Array.from({ length }, () => (random.boolean(0.2) ? 0 : random.int(-most - 1, most)));
}

/** Biases within ± 2^bits. */
export function randomBias(random: SeededRandom, length: number, bits = 10): Float64Array {
  return Float64Array.from({ length }, () => random.int(-(2 ** bits), 2 ** bits));
}

export function randomDense(
  random: SeededRandom,
  inputs: number,
  units: number,
  bits = 8,
): DenseOperator {
  const weights = randomWeights(random, inputs * units, bits);
  return { kind: 'dense', units, weights, bias: randomBias(random, units) };
}

export function randomAffine(random: SeededRandom, channels: number, bits = 8): AffineOperator {
  const weights = randomWeights(random, channels, bits);
  return { kind: 'affine', weights, bias: randomBias(random, channels) };
}

/** A convolution of the given form; groups = channels makes it depthwise. */
export function randomConv2d(
  random: SeededRandom,
  channels: number,
  outputChannels: number,
  form: Partial<Window2d> & {
    readonly dilations?: readonly [number, number];
    readonly groups?: number;
  } = {},
): Conv2dOperator {
  const { size = [3, 3], strides = [1, 1], padding = UNPADDED } = form;
  const { dilations = [1, 1], groups = 1 } = form;
  const length = size[0] * size[1] * (channels / groups) * outputChannels;
  return {
    kind: 'conv2d',
    size,
    strides,
    padding,
    dilations,
    groups,
    outputChannels,
    kernel: randomWeights(random, length),
    bias: randomBias(random, outputChannels),
  };
}

/** Rescaling by m / 2^shift into [lo, hi]. */
export function requantize(
  shift: number,
  lo: number,
  hi: number,
  multipliers: readonly number[] = [1],
): RequantizeOperator {
  return { kind: 'requantize', shift, lo, hi, multipliers };
}
