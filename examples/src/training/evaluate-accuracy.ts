/** Measures a float model on labelled samples. */
import * as tf from '@tensorflow/tfjs';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';
import { slices, takeBatch } from './batches.ts';

/** Bounds the memory of one forward pass; has no influence on the result. */
const BATCH_SIZE = 500;

/** The share of samples whose most probable class is their label, in [0, 1]. */
export function evaluateAccuracy(model: tf.LayersModel, samples: LabelledSamples): number {
  const count = samples.labels.length;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let correct = 0;
  for (const indices of slices(order, BATCH_SIZE)) {
    const { inputs, labels } = takeBatch(samples, indices);
    const classes = tf.tidy(() => {
      const outputs = model.predict(inputs) as tf.Tensor;
      return outputs.argMax(-1).dataSync();
    });
    inputs.dispose();
    for (let row = 0; row < labels.length; row++) correct += classes[row] === labels[row] ? 1 : 0;
  }
  return correct / count;
}
