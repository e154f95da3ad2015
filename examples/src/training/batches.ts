/** Cuts samples into the tensors that training and evaluation take. */
import * as tf from '@tensorflow/tfjs';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** A tensor of samples, [count, …shape], and the classes that belong to it. */
export interface Batch {
  readonly inputs: tf.Tensor;
  readonly labels: Uint8Array;
}

/** The samples at these indices as one batch; the caller disposes of its tensor. */
export function takeBatch(samples: LabelledSamples, indices: ArrayLike<number>): Batch {
  const size = sampleSize(samples);
  const values = new Float32Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * size;
    for (let k = 0; k < size; k++)
      values[row * size + k] = samples.values[from + k]! * samples.scale;
    labels[row] = samples.labels[indices[row]!]!;
  }
  return { inputs: tf.tensor(values, [indices.length, ...samples.shape]), labels };
}

/**
 * The images at these indices, each moved by its own random offset of up to `pixels` in each
 * direction; what moves in from outside is background (0).
 */
export function takeShiftedBatch(
  samples: LabelledSamples,
  indices: ArrayLike<number>,
  pixels: number,
  random: SeededRandom,
): Batch {
  const size = sampleSize(samples);
  const values = new Float32Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let row = 0; row < indices.length; row++) {
    const down = random.below(2 * pixels + 1) - pixels;
    const right = random.below(2 * pixels + 1) - pixels;
    copyShifted(samples, indices[row]!, values, row * size, down, right);
    labels[row] = samples.labels[indices[row]!]!;
  }
  return { inputs: tf.tensor(values, [indices.length, ...samples.shape]), labels };
}

/** 0 … count − 1 in slices of at most `batchSize`, in the order given. */
export function* slices(order: Uint32Array, batchSize: number): Generator<Uint32Array> {
  for (let start = 0; start < order.length; start += batchSize) {
    yield order.subarray(start, start + batchSize);
  }
}

/** Stored values per sample. */
export function sampleSize(samples: LabelledSamples): number {
  return samples.shape.reduce((product, size) => product * size, 1);
}

function copyShifted(
  samples: LabelledSamples,
  index: number,
  target: Float32Array,
  targetStart: number,
  down: number,
  right: number,
): void {
  const [height, width] = samples.shape as [number, number];
  const start = index * height * width;
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      const value = samples.values[start + (y - down) * width + (x - right)]!;
      target[targetStart + y * width + x] = value * samples.scale;
    }
  }
}
