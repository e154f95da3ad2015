import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type {
  FloatConv2d,
  FloatGraph,
  FloatNode,
  FloatPool2d,
  Padding2d,
} from '../graph/float-graph.ts';
import type { Tensorflow } from './tensorflow.ts';

/** A node ready to run: its constants are on the backend until it is disposed of. */
export interface FloatOperator {
  /** Inputs and result have the batch as first axis; to be called in a tidy. */
  apply(inputs: readonly Tensor[]): Tensor;
  dispose(): void;
}

type Apply = (inputs: readonly Tensor[]) => Tensor;

/**
 * The operator of a node in TensorFlow.js. Padding is explicit and windows are `valid`, so that
 * only kernels that every backend has are needed; grouped convolutions are depthwise ones or split
 * by group.
 */
export function floatOperator(tf: Tensorflow, graph: FloatGraph, node: FloatNode): FloatOperator {
  const constants: Tensor[] = [];
  const keep = <T extends Tensor>(tensor: T): T => {
    constants.push(tensor);
    return tf.keep(tensor);
  };
  return {
    apply: applyOf(tf, graph, node, keep),
    dispose: () => {
      for (const constant of constants) constant.dispose();
    },
  };
}

type Keep = <T extends Tensor>(tensor: T) => T;

function applyOf(tf: Tensorflow, graph: FloatGraph, node: FloatNode, keep: Keep): Apply {
  const { operation } = node;
  switch (operation.kind) {
    case 'dense': {
      const rows = operation.weights.length / operation.units;
      const weights = keep(tf.tensor2d(operation.weights, [rows, operation.units]));
      const bias = keep(tf.tensor1d(operation.bias));
      return ([x]) => tf.add(tf.matMul(x!, weights), bias);
    }
    case 'conv2d':
      return convolution(tf, operation, keep);
    case 'affine': {
      const scale = keep(tf.tensor1d(operation.scale));
      const offset = keep(tf.tensor1d(operation.offset));
      return ([x]) => tf.add(tf.mul(x!, scale), offset);
    }
    case 'maxPool2d':
      return ([x]) => {
        const padded = pad(tf, x as Tensor4D, operation.padding, -Infinity);
        return tf.maxPool(padded, mutable(operation.size), mutable(operation.strides), 'valid');
      };
    case 'averagePool2d':
      return averagePool(tf, operation, shapeOf(graph, node.inputs[0]!), keep);
    case 'clip':
      return ([x]) => tf.clipByValue(x!, operation.min, operation.max);
    case 'leakyRelu':
      return ([x]) => tf.leakyRelu(x!, operation.slope);
    case 'sigmoid':
      return ([x]) => tf.sigmoid(x!);
    case 'tanh':
      return ([x]) => tf.tanh(x!);
    case 'softmax':
      return ([x]) => tf.softmax(x!);
    case 'add':
      return (inputs) => tf.addN([...inputs]);
    case 'concat':
      return (inputs) => tf.concat([...inputs], operation.axis + 1);
    case 'reshape':
      return ([x]) => tf.reshape(x!, [x!.shape[0]!, ...node.outputShape]);
    case 'pad2d':
      return ([x]) => pad(tf, x as Tensor4D, operation.padding, 0);
  }
}

function convolution(tf: Tensorflow, operation: FloatConv2d, keep: Keep): Apply {
  const { size, groups, outputChannels, padding } = operation;
  const strides = mutable(operation.strides);
  const dilations = mutable(operation.dilations);
  const bias = keep(tf.tensor1d(operation.bias));
  const perGroup = operation.kernel.length / (size[0] * size[1] * outputChannels);
  const kernel = (shape: [number, number]) =>
    keep(tf.tensor4d(operation.kernel, [size[0], size[1], ...shape]));
  if (groups > 1 && perGroup === 1) {
    const filter = kernel([groups, outputChannels / groups]);
    return ([x]) => {
      const padded = pad(tf, x as Tensor4D, padding, 0);
      const spread = tf.depthwiseConv2d(padded, filter, strides, 'valid', 'NHWC', dilations);
      return tf.add(spread, bias);
    };
  }
  const whole = kernel([perGroup, outputChannels]);
  const filters = groups === 1 ? [whole] : tf.split<Tensor4D>(whole, groups, 3).map(keep);
  return ([x]) => {
    const padded = pad(tf, x as Tensor4D, padding, 0);
    const parts = groups === 1 ? [padded] : tf.split<Tensor4D>(padded, groups, 3);
    const outputs = parts.map((part, i) =>
      tf.conv2d(part, filters[i]!, strides, 'valid', 'NHWC', dilations),
    );
    return tf.add(outputs.length === 1 ? outputs[0]! : tf.concat(outputs, 3), bias);
  };
}

/**
 * The mean over what lies in the image: the mean over the padded window times window size /
 * elements in the image. The same mean over an image of ones is that ratio upside down.
 */
function averagePool(
  tf: Tensorflow,
  { size, strides, padding }: FloatPool2d,
  inputShape: readonly number[],
  keep: Keep,
): Apply {
  const mean = (image: Tensor4D) =>
    tf.avgPool(pad(tf, image, padding, 0), mutable(size), mutable(strides), 'valid');
  if (Math.max(...Object.values(padding)) === 0) return ([x]) => mean(x as Tensor4D);
  const [rows, columns] = inputShape as [number, number];
  const covered = keep(tf.tidy(() => mean(tf.ones([1, rows, columns, 1]) as Tensor4D)));
  return ([x]) => tf.div(mean(x as Tensor4D), covered);
}

function pad(tf: Tensorflow, image: Tensor4D, padding: Padding2d, value: number): Tensor4D {
  const { top, bottom, left, right } = padding;
  if (top + bottom + left + right === 0) return image;
  return tf.pad4d(
    image,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

function shapeOf(graph: FloatGraph, tensor: string): readonly number[] {
  const input = graph.inputs.find(({ name }) => name === tensor);
  return input?.shape ?? graph.nodes.find(({ name }) => name === tensor)!.outputShape;
}

/** TensorFlow.js declares its pairs mutable, though it changes none. */
function mutable(pair: readonly [number, number]): [number, number] {
  return [pair[0], pair[1]];
}
