import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { memorySource, saveToMemory } from '../import/testing/memory-model.ts';
import { loadTensorflow } from './backend.ts';
import { loadFloatModel } from './load-float-model.ts';
import type { Tensorflow } from './tensorflow.ts';

const random = seededRandom(announceSeed());
let tf: Tensorflow;

before(async () => {
  ({ tf } = await loadTensorflow('wasm'));
});

const code = (expected: string) => (error: unknown) =>
  error instanceof InputError && error.code === expected;

function denseModel() {
  return tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
}

test('predicts as the model that was saved, in batches, and leaves no tensor', async () => {
  const original = denseModel();
  const saved = await saveToMemory(tf, original, random);
  const count = tf.memory().numTensors;
  const model = await loadFloatModel(tf, memorySource(saved));
  assert.deepEqual([model.inputShapes, model.outputShapes], [[[4]], [[3]]]);
  const values = Float32Array.from({ length: 100 * 4 }, () => random.float(-1, 1));
  const [output] = await model.predict([values]);
  const expected = tf.tidy(() => {
    const predicted = original.predict(tf.tensor(values, [100, 4]));
    return Array.isArray(predicted) ? [] : [...predicted.dataSync()];
  });
  assert.deepEqual([...output!], expected);
  model.dispose();
  assert.equal(tf.memory().numTensors, count);
});

test('refuses inputs that do not fit, damaged files, models unknown to TF.js', async () => {
  const saved = await saveToMemory(tf, denseModel(), random);
  const model = await loadFloatModel(tf, memorySource(saved));
  for (const inputs of [[], [new Float32Array(3)], [new Float32Array(4), new Float32Array(4)]]) {
    await assert.rejects(model.predict(inputs), code('CIRCUITS_FLOAT_INPUT'));
  }
  await assert.rejects(
    loadFloatModel(tf, memorySource(saved, '{')),
    code('CIRCUITS_MODEL_NOT_JSON'),
  );
  saved.json.modelTopology.config.layers[0].class_name = 'Unheard';
  await assert.rejects(loadFloatModel(tf, memorySource(saved)), code('CIRCUITS_FLOAT_MODEL'));
});
