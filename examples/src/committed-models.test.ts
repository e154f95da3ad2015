import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { readNpy } from '@zkinfer/core';
import { decode } from 'fast-png';
import { IRIS_CLASSES, loadIris } from './datasets/iris-dataset.ts';
import type { Dataset } from './datasets/labelled-samples.ts';
import { loadMnist, MNIST_IMAGE_SCALE, MNIST_PIXELS } from './datasets/mnist-dataset.ts';
import { modelFolder } from './model-folder.ts';
import { MNIST_CALIBRATION_COUNT, MNIST_SAMPLES } from './samples/mnist-samples.ts';
import { evaluateAccuracy } from './training/evaluate-accuracy.ts';
import { loadLayersModel } from './training/layers-model-files.ts';
import { startBackend } from './training/start-backend.ts';

/** What each committed model promises: its layers' weights and its accuracy on unseen samples. */
const MODELS = [
  {
    name: 'iris-mlp',
    load: loadIris,
    weights: { fc1: [4, 16], fc2: [16, 12], logits: [12, 3] },
    leastAccuracy: 28 / 30,
    calibrationCount: 120,
  },
  {
    name: 'mnist-mlp',
    load: loadMnist,
    weights: { fc1: [784, 56], logits: [56, 10] },
    leastAccuracy: 0.97,
    calibrationCount: MNIST_CALIBRATION_COUNT,
  },
  {
    name: 'mnist-lenet5',
    load: loadMnist,
    weights: {
      conv1: [5, 5, 1, 6],
      conv2: [5, 5, 6, 16],
      fc1: [256, 120],
      fc2: [120, 84],
      logits: [84, 10],
    },
    leastAccuracy: 0.985,
    calibrationCount: MNIST_CALIBRATION_COUNT,
  },
];

for (const { name, load, weights, leastAccuracy, calibrationCount } of MODELS) {
  describe(`the committed ${name}`, () => {
    const folder = modelFolder(name);
    let model: tf.LayersModel;
    let dataset: Dataset;
    before(async () => {
      await startBackend();
      model = await loadLayersModel(folder);
      dataset = await load();
    });

    it('has the layers and shapes it promises', () => {
      const kernels = model.layers.filter((layer) => layer.getWeights().length > 0);
      const shapes = kernels.map((layer) => [layer.name, layer.getWeights()[0]!.shape]);
      assert.deepEqual(Object.fromEntries(shapes), weights);
      assert.deepEqual(model.inputs[0]!.shape.slice(1), dataset.test.shape);
    });

    it('is as accurate on the test part as promised and as training.json says', async () => {
      const report = JSON.parse(await readFile(join(folder, 'training.json'), 'utf8')) as {
        testAccuracy: number;
      };
      const accuracy = evaluateAccuracy(model, dataset.test);
      assert.ok(accuracy >= leastAccuracy, `accuracy ${accuracy}`);
      // Other machines may round sums differently, and so decide a tie or two otherwise.
      assert.ok(Math.abs(accuracy - report.testAccuracy) <= 2 / dataset.test.labels.length);
    });

    it('comes with calibration samples from the training part', async () => {
      const samples = readNpy(await readFile(join(folder, 'calibration.npy')));
      const labels = readNpy(await readFile(join(folder, 'calibration-labels.npy')));
      assert.deepEqual(samples.shape, [calibrationCount, ...dataset.train.shape]);
      assert.deepEqual(samples.data, dataset.train.values.slice(0, samples.data.length));
      assert.deepEqual(labels.data, dataset.train.labels.slice(0, calibrationCount));
    });
  });
}

for (const name of ['mnist-mlp', 'mnist-lenet5']) {
  describe(`the sample pictures of ${name}`, () => {
    const folder = modelFolder(name);
    for (const [file, { index, digit }] of Object.entries(MNIST_SAMPLES)) {
      it(`hold test image ${index}, which the model takes for a ${digit}`, async () => {
        await startBackend();
        const { test } = await loadMnist();
        const png = decode(await readFile(join(folder, file)));
        assert.deepEqual([png.width, png.height, png.channels, png.depth], [28, 28, 1, 8]);
        const original = test.values.slice(index * MNIST_PIXELS, (index + 1) * MNIST_PIXELS);
        assert.deepEqual(Uint8Array.from(png.data), original);
        const pixels = Float32Array.from(png.data, (pixel) => pixel * MNIST_IMAGE_SCALE);
        assert.equal(classify(await loadLayersModel(folder), pixels), digit);
      });
    }
  });
}

describe('the sample flowers of iris-mlp', () => {
  const folder = modelFolder('iris-mlp');
  before(startBackend);

  for (const [label, species] of IRIS_CLASSES.entries()) {
    it(`are told apart: ${species}`, async () => {
      const model = await loadLayersModel(folder);
      const values = JSON.parse(await readFile(join(folder, `${species}.json`), 'utf8'));
      assert.equal(classify(model, Float32Array.from(values as number[])), label);
    });
  }

  it('come with the whole test part', async () => {
    const { test } = loadIris();
    const { data, shape } = readNpy(await readFile(join(folder, 'test.npy')));
    const labels = readNpy(await readFile(join(folder, 'test-labels.npy')));
    assert.deepEqual(shape, [30, 4]);
    assert.deepEqual(data, test.values);
    assert.deepEqual(labels.data, test.labels);
  });
});

function classify(model: tf.LayersModel, values: Float32Array): number {
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  const outputs = model.predict(tf.tensor(values, [1, ...shape])) as tf.Tensor;
  return outputs.argMax(-1).dataSync()[0]!;
}
