import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type * as tf from '@tensorflow/tfjs';
import { loadIris } from '../datasets/iris-dataset.ts';
import { evaluateAccuracy } from './evaluate-accuracy.ts';
import { irisMlp } from './iris-mlp.ts';
import { measureStandardisation, standardise } from './standardisation.ts';
import { startBackend } from './start-backend.ts';
import { trainModel } from './train-model.ts';

const { train } = loadIris();
const SAMPLES = standardise(train, measureStandardisation(train));

describe('trainModel', () => {
  before(startBackend);

  it('learns: the loss falls, and the accuracy rises to near 1', async () => {
    const { model, losses } = await trainBriefly(1);
    assert.equal(losses.length, 20);
    assert.ok(losses.at(-1)! < losses[0]! / 3, `${losses}`);
    assert.ok(evaluateAccuracy(model, SAMPLES) > 0.9);
  });

  it('gives the same weights for the same seed, others for another', async () => {
    const weights = flatWeights((await trainBriefly(1)).model);
    assert.deepEqual(flatWeights((await trainBriefly(1)).model), weights);
    assert.notDeepEqual(flatWeights((await trainBriefly(2)).model), weights);
  });
});

async function trainBriefly(seed: number): Promise<{ model: tf.Sequential; losses: number[] }> {
  const model = irisMlp.buildModel(seed);
  const losses: number[] = [];
  const parameters = { ...irisMlp.hyperparameters, seed, epochs: 20 };
  await trainModel(model, SAMPLES, parameters, ({ loss }) => {
    losses.push(loss);
  });
  return { model, losses };
}

function flatWeights(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}
