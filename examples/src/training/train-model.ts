/**
 * The training loop: Adam on cross-entropy with weight decay, seeded so that a run can be repeated.
 */
import * as tf from '@tensorflow/tfjs';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Batch, slices, takeBatch, takeShiftedBatch } from './batches.ts';
import type { Hyperparameters } from './recipe.ts';

/** What is reported after each pass over the training samples. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean cross-entropy, in nats, of the batches as they were trained on. */
  readonly loss: number;
  readonly seconds: number;
}

/**
 * Trains the model in place.
 * @param model its last layer gives class probabilities
 * @param onEpoch called, and awaited, after each epoch
 */
export async function trainModel(
  model: tf.Sequential,
  samples: LabelledSamples,
  parameters: Hyperparameters,
  onEpoch: (report: EpochReport) => Promise<void> | void,
): Promise<void> {
  const random = new SeededRandom(parameters.seed);
  const optimizer = new DecayingAdam(parameters.learningRate);
  const steps = parameters.epochs * Math.ceil(samples.labels.length / parameters.batchSize);
  let step = 0;
  for (let epoch = 1; epoch <= parameters.epochs; epoch++) {
    const start = performance.now();
    let lossSum = 0;
    for (const indices of slices(random.permutation(samples.labels.length), parameters.batchSize)) {
      optimizer.setProgress(step++ / steps);
      const batch =
        parameters.shiftPixels > 0
          ? takeShiftedBatch(samples, indices, parameters.shiftPixels, random)
          : takeBatch(samples, indices);
      lossSum += trainOnBatch(model, batch, optimizer, parameters.weightDecay) * indices.length;
    }
    const seconds = (performance.now() - start) / 1000;
    await onEpoch({ epoch, loss: lossSum / samples.labels.length, seconds });
  }
  optimizer.dispose();
}

/** Adam whose step size falls from its initial value to 0 along half a cosine. */
class DecayingAdam extends tf.AdamOptimizer {
  private readonly initialRate: number;

  constructor(initialRate: number) {
    super(initialRate, 0.9, 0.999, 1e-7);
    this.initialRate = initialRate;
  }

  /** @param progress share of all steps that are done, in [0, 1] */
  setProgress(progress: number): void {
    this.learningRate = (this.initialRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }
}

function trainOnBatch(
  model: tf.Sequential,
  batch: Batch,
  optimizer: tf.Optimizer,
  weightDecay: number,
): number {
  let loss = 0;
  tf.tidy(() => {
    const targets = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classCount(model));
    optimizer.minimize(() => {
      const outputs = model.apply(batch.inputs, { training: true }) as tf.Tensor;
      const crossEntropy = tf.mean(tf.metrics.categoricalCrossentropy(targets, outputs));
      loss = crossEntropy.dataSync()[0]!;
      return tf.add(crossEntropy, weightPenalty(model, weightDecay));
    });
  });
  batch.inputs.dispose();
  return loss;
}

/** weightDecay · Σ w² over the kernels; biases go free. */
function weightPenalty(model: tf.Sequential, weightDecay: number): tf.Scalar {
  const kernels = model.trainableWeights.filter((weight) =>
    weight.originalName.endsWith('/kernel'),
  );
  const squares = kernels.map((kernel) => tf.sum(tf.square(kernel.read())));
  return tf.mul(tf.addN(squares), weightDecay);
}

function classCount(model: tf.Sequential): number {
  return (model.outputs[0]!.shape as number[]).at(-1)!;
}
