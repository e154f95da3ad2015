/** A 784-56-10 perceptron for MNIST, the size that other proving systems publish figures for. */
import * as tf from '@tensorflow/tfjs';
import { loadMnist, MNIST_SIDE } from '../datasets/mnist-dataset.ts';
import type { Recipe } from './recipe.ts';

export const mnistMlp: Recipe = {
  name: 'mnist-mlp',
  hyperparameters: {
    seed: 1,
    epochs: 20,
    batchSize: 100,
    learningRate: 2e-3,
    weightDecay: 1e-4,
    shiftPixels: 0,
    standardise: false,
  },
  loadDataset: () => loadMnist(),
  buildModel(seed) {
    const kernel = (offset: number) => tf.initializers.glorotUniform({ seed: seed + offset });
    return tf.sequential({
      name: 'mnist-mlp',
      layers: [
        tf.layers.flatten({ name: 'flatten', inputShape: [MNIST_SIDE, MNIST_SIDE, 1] }),
        tf.layers.dense({
          name: 'fc1',
          units: 56,
          activation: 'relu',
          kernelInitializer: kernel(1),
        }),
        tf.layers.dense({
          name: 'logits',
          units: 10,
          activation: 'softmax',
          kernelInitializer: kernel(2),
        }),
      ],
    });
  },
};
