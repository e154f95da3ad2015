/**
 * LeNet-5 for MNIST with ReLU and average pooling.
 * Source of the architecture: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to
 * document recognition" (1998), in the 28×28 form without padding.
 */
import * as tf from '@tensorflow/tfjs';
import { loadMnist, MNIST_SIDE } from '../datasets/mnist-dataset.ts';
import type { Recipe } from './recipe.ts';

export const mnistLenet5: Recipe = {
  name: 'mnist-lenet5',
  hyperparameters: {
    seed: 1,
    epochs: 12,
    batchSize: 100,
    learningRate: 2e-3,
    weightDecay: 2e-5,
    shiftPixels: 1,
    standardise: false,
  },
  loadDataset: () => loadMnist(),
  buildModel(seed) {
    return tf.sequential({
      name: 'mnist-lenet5',
      layers: [
        convolution('conv1', 6, seed + 1, [MNIST_SIDE, MNIST_SIDE, 1]),
        tf.layers.averagePooling2d({ name: 'pool1', poolSize: 2, strides: 2 }),
        convolution('conv2', 16, seed + 2),
        tf.layers.averagePooling2d({ name: 'pool2', poolSize: 2, strides: 2 }),
        tf.layers.flatten({ name: 'flatten' }),
        dense('fc1', 120, 'relu', seed + 3),
        dense('fc2', 84, 'relu', seed + 4),
        dense('logits', 10, 'softmax', seed + 5),
      ],
    });
  },
};

function convolution(name: string, filters: number, seed: number, inputShape?: number[]) {
  return tf.layers.conv2d({
    name,
    ...(inputShape === undefined ? {} : { inputShape }),
    filters,
    kernelSize: 5,
    padding: 'valid',
    activation: 'relu',
    kernelInitializer: tf.initializers.heNormal({ seed }),
  });
}

function dense(name: string, units: number, activation: 'relu' | 'softmax', seed: number) {
  return tf.layers.dense({
    name,
    units,
    activation,
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
}
