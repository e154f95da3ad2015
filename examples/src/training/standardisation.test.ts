import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { LabelledSamples } from '../datasets/labelled-samples.ts';
import { foldStandardisation, measureStandardisation, standardise } from './standardisation.ts';
import { startBackend } from './start-backend.ts';

const SAMPLES: LabelledSamples = {
  shape: [2],
  values: Float32Array.of(1, 100, 2, 300, 6, 200, 3, 0),
  scale: 1,
  labels: Uint8Array.of(0, 1, 0, 1),
};

describe('standardisation', () => {
  before(startBackend);

  it('gives every feature mean 0 and deviation 1', () => {
    const scaled = standardise(SAMPLES, measureStandardisation(SAMPLES));
    const { mean, deviation } = measureStandardisation(scaled);
    for (const value of mean) assert.ok(Math.abs(value) < 1e-6);
    for (const value of deviation) assert.ok(Math.abs(value - 1) < 1e-6);
  });

  it('folds into a dense layer, which then gives the same outputs on raw features', () => {
    const scaling = measureStandardisation(SAMPLES);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    const expected = outputs(model, standardise(SAMPLES, scaling));
    foldStandardisation(model.layers[0]!, scaling);
    const got = outputs(model, SAMPLES);
    for (let index = 0; index < got.length; index++) {
      assert.ok(Math.abs(got[index]! - expected[index]!) < 1e-5, `output ${index}`);
    }
  });
});

function outputs(model: tf.LayersModel, { values, labels }: LabelledSamples): Float32Array {
  const inputs = tf.tensor2d(values, [labels.length, 2]);
  return (model.predict(inputs) as tf.Tensor).dataSync() as Float32Array;
}
