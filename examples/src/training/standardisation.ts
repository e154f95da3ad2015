/** Feature scaling that ends up inside the model, so that the model takes raw values. */
import * as tf from '@tensorflow/tfjs';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';

/** Mean and standard deviation of each feature. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Measures samples of shape [features]; deviations are those of the population. */
export function measureStandardisation(samples: LabelledSamples): Standardisation {
  const columns = Array.from({ length: samples.shape[0]! }, (_, feature) =>
    column(samples, feature),
  );
  const mean = columns.map(average);
  const deviation = columns.map((values, feature) =>
    Math.sqrt(average(values.map((value) => (value - mean[feature]!) ** 2))),
  );
  return { mean, deviation };
}

/** The same samples with every feature x as (x − mean) / deviation. */
export function standardise(
  samples: LabelledSamples,
  { mean, deviation }: Standardisation,
): LabelledSamples {
  const values = Float32Array.from(samples.values, (value, index) => {
    const feature = index % mean.length;
    return (value * samples.scale - mean[feature]!) / deviation[feature]!;
  });
  return { ...samples, values, scale: 1 };
}

/**
 * Rewrites a dense layer trained on standardised features so that it takes raw ones: W·(x − m)/d +
 * b is (W/d)·x + (b − (W/d)·m).
 */
export function foldStandardisation(
  layer: tf.layers.Layer,
  { mean, deviation }: Standardisation,
): void {
  tf.tidy(() => {
    const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D];
    const folded = kernel.div(tf.tensor2d([...deviation], [deviation.length, 1])) as tf.Tensor2D;
    const offset = tf.matMul(tf.tensor2d([[...mean]]), folded).reshape(bias.shape);
    layer.setWeights([folded, bias.sub(offset)]);
  });
}

function column(samples: LabelledSamples, feature: number): number[] {
  const features = samples.shape[0]!;
  return Array.from(
    samples.labels,
    (_, row) => samples.values[row * features + feature]! * samples.scale,
  );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
