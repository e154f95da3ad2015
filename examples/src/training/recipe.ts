/** What it takes to train one example: data, architecture and hyperparameters. */
import type * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../datasets/labelled-samples.ts';

/**
 * Everything that decides the outcome of a training run; the same recipe gives the same weights.
 */
export interface Recipe {
  /** Name of the example and of its folder under `examples/models`. */
  readonly name: string;
  readonly hyperparameters: Hyperparameters;
  loadDataset(): Promise<Dataset> | Dataset;
  /** A fresh model with seeded initial weights; its last layer gives class probabilities. */
  buildModel(seed: number): tf.Sequential;
}

export interface Hyperparameters {
  /** Draws initial weights, the order of samples, and shifts. */
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Adam's step size at the start; it falls to 0 along half a cosine. */
  readonly learningRate: number;
  /**
   * Factor of the sum of squared weights in the loss. Keeps weights small, and with them the static
   * ranges and the rows of the circuit.
   */
  readonly weightDecay: number;
  /** Training images are moved by up to this many pixels in each direction; 0: not at all. */
  readonly shiftPixels: number;
  /** Train on features of mean 0 and deviation 1, then fold that into the first dense layer. */
  readonly standardise: boolean;
}
