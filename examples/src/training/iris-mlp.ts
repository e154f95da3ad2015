/** The smallest example: a 4-16-12-3 perceptron that tells three species of iris apart. */
import * as tf from '@tensorflow/tfjs';
import { loadIris } from '../datasets/iris-dataset.ts';
import type { Recipe } from './recipe.ts';

export const irisMlp: Recipe = {
  name: 'iris-mlp',
  hyperparameters: {
    seed: 1,
    epochs: 200,
    batchSize: 24,
    learningRate: 0.01,
    weightDecay: 1e-3,
    shiftPixels: 0,
    standardise: true,
  },
  loadDataset: loadIris,
  buildModel(seed) {
    const kernel = (offset: number) => tf.initializers.heNormal({ seed: seed + offset });
    return tf.sequential({
      name: 'iris-mlp',
      layers: [
        tf.layers.dense({
          name: 'fc1',
          inputShape: [4],
          units: 16,
          activation: 'relu',
          kernelInitializer: kernel(1),
        }),
        tf.layers.dense({
          name: 'fc2',
          units: 12,
          activation: 'relu',
          kernelInitializer: kernel(2),
        }),
        tf.layers.dense({
          name: 'logits',
          units: 3,
          activation: 'softmax',
          kernelInitializer: kernel(3),
        }),
      ],
    });
  },
};
