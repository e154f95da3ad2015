import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { Tensorflow } from '../float/tensorflow.ts';
import { interpret } from '../interpret/interpret.ts';
import { randomInputs } from '../interpret/sample-inputs.ts';
import { syntheticPerceptron } from '../testing/synthetic-networks.ts';
import { chooseInference } from './choose-inference.ts';
import {
  perturbedTensorflow,
  plainTensorflow,
  runningOn,
  standIn,
} from './testing/stand-in-tensorflow.ts';

const random = seededRandom(announceSeed());
const network = syntheticPerceptron([32, 16, 4], random.uint32());
const small = { minProducts: 1 };

/** Each product takes some milliseconds more than the whole network takes the interpreter. */
function slowTensorflow(): Tensorflow {
  const matMul = ((...parameters: Parameters<Tensorflow['matMul']>) => {
    const end = performance.now() + 20;
    while (performance.now() < end);
    return plainTensorflow.matMul(...parameters);
  }) as Tensorflow['matMul'];
  return standIn({ matMul });
}

test('the interpreter is chosen where it is faster, and tensors give back their memory', async () => {
  const before = plainTensorflow.memory().numTensors;
  const { inference, reason } = await chooseInference(network, {
    ...small,
    ...runningOn(slowTensorflow()),
  });
  assert.equal(inference.backend, 'interpreter');
  assert.match(reason, /^tfjs-cpu is exact; [\d.]+ ms an inference, the interpreter [\d.]+ ms$/);
  assert.equal(plainTensorflow.memory().numTensors, before);
});

test('tensors are chosen where they are exact and faster', async () => {
  // A million products: the WASM backend takes less than a quarter of the interpreter's time.
  const heavy = syntheticPerceptron([1024, 1024], random.uint32());
  const { inference, reason } = await chooseInference(heavy, { backend: 'wasm' });
  assert.equal(inference.backend, 'tfjs-wasm', reason);
  const inputs = randomInputs(random, heavy);
  assert.deepEqual((await inference.run(inputs)).tensors, interpret(heavy, inputs));
  await inference.close();
});

test('tensors that are exact can be asked for, however slow; inexact ones cannot', async () => {
  const slow = await chooseInference(network, {
    ...small,
    ...runningOn(slowTensorflow()),
    prefer: 'tensors',
  });
  assert.equal(slow.inference.backend, 'tfjs-cpu');
  await slow.inference.close();
  const wrong = await chooseInference(network, {
    ...small,
    ...runningOn(perturbedTensorflow(() => true, 1)),
    prefer: 'tensors',
  });
  assert.equal(wrong.inference.backend, 'interpreter');
  assert.match(wrong.reason, /not exact/);
});

test('the interpreter can be asked for: TensorFlow.js is not loaded then', async () => {
  const asked: string[] = [];
  const importPackage = async (name: string) => asked.push(name);
  const options = { ...small, importPackage, prefer: 'interpreter' } as const;
  const { inference } = await chooseInference(network, options);
  assert.deepEqual(asked, []);
  const inputs = randomInputs(random, network);
  const { tensors, backend } = await inference.run(inputs);
  assert.deepEqual([backend, tensors], ['interpreter', interpret(network, inputs)]);
  assert.ok(inference.plan.every(({ runsOn }) => runsOn === 'interpreter'));
  await inference.close();
});
