/** TensorFlow.js that computes wrongly, or tells what it does; products run on its plain backend. */
import type { Tensor } from '@tensorflow/tfjs';
import { type ImportPackage, loadTensorflow } from '../../float/backend.ts';
import type { Tensorflow } from '../../float/tensorflow.ts';

/** The real one, on its plain JavaScript backend. */
export const { tf: plainTensorflow } = await loadTensorflow('cpu');

/** Options of `openTensorInference` that make it run on this TensorFlow.js. */
export function runningOn(tf: Tensorflow): { backend: 'cpu'; importPackage: ImportPackage } {
  return { backend: 'cpu', importPackage: async () => ({ default: tf }) };
}

/** With some of its functions replaced. */
export function standIn(replaced: Partial<Tensorflow>): Tensorflow {
  return { ...plainTensorflow, ...replaced };
}

/**
 * Multiplies as NVIDIA GPUs do in their TF32 mode: factors are rounded to 10 bits of mantissa, to
 * nearest, ties to even; sums are those of 32-bit floats.
 */
export function tf32Tensorflow(): Tensorflow {
  const rounded = roundingTo(10);
  const { matMul, conv2d, depthwiseConv2d } = plainTensorflow;
  return standIn({
    matMul: ((a: Tensor, b: Tensor) => matMul(rounded(a), rounded(b))) as Tensorflow['matMul'],
    conv2d: ((x: Tensor, kernel: Tensor, ...rest: unknown[]) =>
      (conv2d as Loose)(rounded(x), rounded(kernel), ...rest)) as Tensorflow['conv2d'],
    depthwiseConv2d: ((x: Tensor, kernel: Tensor, ...rest: unknown[]) =>
      (depthwiseConv2d as Loose)(
        rounded(x),
        rounded(kernel),
        ...rest,
      )) as Tensorflow['depthwiseConv2d'],
  });
}

type Loose = (...parameters: unknown[]) => Tensor;

function roundingTo(mantissaBits: number): (tensor: Tensor) => Tensor {
  const dropped = 23 - mantissaBits;
  return (tensor) => {
    const values = Float32Array.from(tensor.dataSync());
    const words = new Uint32Array(values.buffer);
    words.forEach((word, i) => {
      const half = 2 ** (dropped - 1) - 1 + ((word >>> dropped) & 1);
      words[i] = ((word + half) >>> dropped) << dropped;
    });
    return plainTensorflow.tensor(values, tensor.shape);
  };
}

/** Products of matrices of at least so many rows come out wrong in one element while `isWrong`. */
export function perturbedTensorflow(isWrong: () => boolean, by: number): Tensorflow {
  const matMul = (a: Tensor, b: Tensor) => {
    const product = plainTensorflow.matMul(a, b);
    if (!isWrong() || b.shape[0]! < LEAST_ROWS) return product;
    const values = Float32Array.from(product.dataSync());
    values[values.length - 1]! += by;
    return plainTensorflow.tensor(values, product.shape);
  };
  return standIn({ matMul: matMul as Tensorflow['matMul'] });
}

/** Makes no tensors while there is a failure. */
export function failingTensorflow(failure: () => string | undefined): Tensorflow {
  const tensor = (...parameters: unknown[]) => {
    const message = failure();
    if (message !== undefined) throw new Error(message);
    return (plainTensorflow.tensor as Loose)(...parameters);
  };
  return standIn({ tensor: tensor as Tensorflow['tensor'] });
}

/** So that the product that every backend is tested by stays right. */
const LEAST_ROWS = 3;
