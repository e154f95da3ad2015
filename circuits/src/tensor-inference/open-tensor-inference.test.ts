import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { BackendName, ImportPackage } from '../float/backend.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import type { DenseOperator, Network } from '../graph/network.ts';
import { interpret } from '../interpret/interpret.ts';
import { randomInputs, sampleInputs } from '../interpret/sample-inputs.ts';
import { chainOf, networkOf } from '../testing/network-sketch.ts';
import {
  randomAffine,
  randomConv2d,
  randomDense,
  requantize,
} from '../testing/random-operations.ts';
import { syntheticLenet5 } from '../testing/synthetic-networks.ts';
import type { NetworkInference } from './network-inference.ts';
import { openTensorInference, type TensorInferenceOptions } from './open-tensor-inference.ts';
import { planLayers } from './plan-layers.ts';
import { runLayers } from './run-layers.ts';
import { TensorLayer } from './tensor-layer.ts';
import {
  failingTensorflow,
  perturbedTensorflow,
  plainTensorflow,
  runningOn,
  standIn,
  tf32Tensorflow,
} from './testing/stand-in-tensorflow.ts';

const random = seededRandom(announceSeed());

async function opened(network: Network, options: TensorInferenceOptions = {}) {
  const { inference, refused } = await openTensorInference(network, { minProducts: 1, ...options });
  assert.equal(refused, undefined);
  return inference!;
}

async function refusal(network: Network, options: TensorInferenceOptions): Promise<string> {
  const { refused } = await openTensorInference(network, { minProducts: 1, ...options });
  assert.ok(refused !== undefined, 'not refused');
  return refused;
}

/** All kinds of operators, accumulators beyond doubles among them. */
function everyOperator(): Network {
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  const pool = { size: [2, 2], strides: [2, 2], padding } as const;
  return networkOf(
    [
      { name: 'a', shape: [6, 6, 2], lo: -128 },
      { name: 'b', shape: [6, 6, 2] },
    ],
    [
      ['sum', { kind: 'add', multipliers: [3, -2] }, 'a', 'b'],
      ['conv', randomConv2d(random, 2, 4, { padding }), 'sum'],
      ['leaky', { kind: 'leakyRelu', slope: 3, shift: 5 }, 'conv'],
      ['small', requantize(12, -128, 127, [1, 2, 3, 4]), 'leaky'],
      ['depthwise', randomConv2d(random, 4, 8, { padding, groups: 4 }), 'small'],
      ['affine', randomAffine(random, 8), 'depthwise'],
      ['byte', requantize(14, 0, 255), 'affine'],
      ['max', { kind: 'maxPool2d', ...pool }, 'byte'],
      ['mean', { kind: 'averagePool2d', ...pool }, 'byte'],
      ['joined', { kind: 'concat', axis: 2, multipliers: [4, 1] }, 'max', 'mean'],
      ['padded', { kind: 'pad2d', padding }, 'joined'],
      ['turned', { kind: 'transpose', permutation: [2, 0, 1] }, 'padded'],
      ['flat', { kind: 'reshape', shape: [16 * 36] }, 'turned'],
      ['dense', randomDense(random, 16 * 36, 7, 16), 'flat'],
      ['wide', { kind: 'add', multipliers: [2 ** 24 + 1] }, 'dense'],
      ['index', requantize(50, -8, 7), 'wide'],
      [
        'table',
        { kind: 'table', lo: -8, table: Array.from({ length: 16 }, (_, i) => i * i) },
        'index',
      ],
      ['winner', { kind: 'argmax' }, 'wide'],
    ],
    ['table', 'winner'],
  );
}

for (const backend of ['wasm', 'cpu'] as const) {
  test(`every tensor of every operator equals the interpreter's on ${backend}`, async () => {
    const network = everyOperator();
    const inference = await opened(network, { backend });
    assert.equal(inference.backend, `tfjs-${backend}`);
    const onTensors = inference.plan.filter(({ runsOn }) => runsOn === 'tensors');
    assert.deepEqual(
      onTensors.map(({ node }) => node),
      ['conv', 'depthwise', 'dense'],
    );
    for (const inputs of sampleInputs(random, network, 6)) {
      const { tensors, backend: computedBy } = await inference.run(inputs);
      assert.equal(computedBy, `tfjs-${backend}`);
      assert.deepEqual(tensors, interpret(network, inputs));
    }
    await inference.close();
  });
}

test('inputs are refused as the interpreter refuses them', async () => {
  const inference = await opened(chainOf({ shape: [3] }, randomDense(random, 3, 2)));
  await assert.rejects(
    inference.run([Float64Array.of(0, 0, 256)]),
    (error) => error instanceof InputError && error.code === 'CIRCUITS_INPUT_RANGE',
  );
  await inference.run([Float64Array.of(0, 0, 255)]);
  await inference.close();
});

test('a backend that rounds factors to TF32 is refused for weights of 12 bits and a sign', async () => {
  const messages: object[] = [];
  const logger: Logger = { ...SILENT_LOGGER, info: (fields) => messages.push(fields) };
  const dense = randomDense(random, 9, 4, 13);
  dense.weights[0] = 2 ** 12 - 1;
  const network = chainOf({ shape: [9] }, dense);
  const refused = await refusal(network, { ...runningOn(tf32Tensorflow()), logger });
  assert.match(refused, /tfjs-cpu is not exact: t0, element \d of 4.*TF32/);
  assert.deepEqual(messages, [{ network: 'sketch', reason: refused }]);
  await (await opened(network, runningOn(plainTensorflow))).close();
});

test('TF32 is exact, and taken, where weights or their digits have 8 bits, as operands do', async () => {
  const network = chainOf({ shape: [5, 5, 2] }, randomConv2d(random, 2, 3));
  await (await opened(network, runningOn(tf32Tensorflow()))).close();
  const split = chainOf({ shape: [80] }, randomDense(random, 80, 3, 16));
  assert.match(planLayers(split, 1).report[0]!.reason, /in 2 digits/);
  await (await opened(split, runningOn(tf32Tensorflow()))).close();
});

test('TF32 is refused on a model whose ordinary inputs never show it', async () => {
  const network = hidingNetwork();
  const tf32 = tf32Tensorflow();
  const layers = planLayers(network, 1).layers.map((layer) => new TensorLayer(tf32, layer));
  for (const inputs of sampleInputs(random, network, 100)) {
    assert.deepEqual(await runLayers(network, layers, inputs), interpret(network, inputs));
  }
  for (const layer of layers) layer.dispose();
  assert.match(await refusal(network, runningOn(tf32)), /not exact: t2,/);
});

/**
 * Its second layer multiplies numbers of 13 bits, which stay below 11 bits unless an input has the
 * signs of the first layer's weights.
 */
function hidingNetwork(): Network {
  const half = 256;
  const signs: DenseOperator = {
    kind: 'dense',
    units: 4,
    weights: Int16Array.from({ length: 2 * half * 4 }, (_, i) => (i % 8 < 4 ? 1 : -1)),
    bias: new Float64Array(4),
  };
  // Neighbours have opposite signs: pairs change places at random, so that no alternation fits.
  for (let pair = 0; pair < half; pair++) {
    if (random.boolean()) signs.weights.subarray(8 * pair, 8 * pair + 8).reverse();
  }
  const keep = requantize(0, -(2 ** 12), 2 ** 12 - 1);
  return chainOf({ shape: [2 * half], bits: 4 }, signs, keep, randomDense(random, 4, 3));
}

test('one wrong element of one layer is enough to be refused', async () => {
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  for (const by of [1, -1, 2 ** -10]) {
    const wrong = perturbedTensorflow(() => true, by);
    assert.match(await refusal(network, runningOn(wrong)), /t0, element 4 of 5/);
  }
});

test('a backend that fails during the check is refused', async () => {
  const broken = failingTensorflow(() => 'out of memory');
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  assert.match(await refusal(network, runningOn(broken)), /tfjs-cpu failed: out of memory/);
});

test('without TensorFlow.js, a network is refused with the reasons; a wrong name is an error', async () => {
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  const importPackage: ImportPackage = async (name) => {
    throw Object.assign(new Error(`Cannot find package '${name}'`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  };
  assert.match(await refusal(network, { importPackage }), /tfjs-node-gpu: not installed/);
  await assert.rejects(
    openTensorInference(network, { minProducts: 1, backend: 'webgl' as BackendName }),
    (error) => error instanceof InputError && error.code === 'CIRCUITS_UNKNOWN_BACKEND',
  );
});

test('TensorFlow.js is not loaded for a network without heavy layers', async () => {
  const asked: string[] = [];
  const importPackage: ImportPackage = async (name) => asked.push(name);
  const small = chainOf({ shape: [100] }, randomDense(random, 100, 10));
  const { refused } = await openTensorInference(small, { importPackage });
  assert.match(refused!, /worth/);
  assert.deepEqual(asked, []);
});

/** An inference whose backend becomes inexact when told. */
async function breakable(checkEvery: number) {
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  const state = { broken: false };
  const tf = perturbedTensorflow(() => state.broken, 1);
  const errors: object[] = [];
  const logger: Logger = { ...SILENT_LOGGER, error: (fields) => errors.push(fields) };
  const inference = await opened(network, { ...runningOn(tf), checkEvery, logger });
  const run = async () => {
    const inputs = randomInputs(random, network);
    const { tensors, backend } = await inference.run(inputs);
    const difference = tensors.get('t0')![4] !== interpret(network, inputs).get('t0')![4];
    return `${backend}, ${difference ? 'wrong' : 'right'}`;
  };
  return { network, tf, state, errors, inference, run };
}

test('every so many inferences one is compared; a difference ends tensors in the process', async () => {
  const { network, tf, state, errors, inference, run } = await breakable(3);
  assert.equal(await run(), 'tfjs-cpu, right');
  state.broken = true;
  assert.equal(await run(), 'tfjs-cpu, wrong');
  assert.equal(await run(), 'interpreter, right', 'the third is compared, and comes out right');
  state.broken = false;
  assert.equal(await run(), 'interpreter, right');
  assert.equal(inference.backend, 'interpreter');
  assert.equal(errors.length, 1);
  assert.match(await refusal(network, runningOn(tf)), /found inexact.*t0, element 4 of 5/);
  await inference.close();
});

test('comparing can be turned off', async () => {
  const { state, inference, run } = await breakable(0);
  state.broken = true;
  for (let i = 0; i < 5; i++) assert.equal(await run(), 'tfjs-cpu, wrong');
  await inference.close();
});

test('an inference that fails is done by the interpreter, and so are all after it', async () => {
  let failure: string | undefined;
  const tf = failingTensorflow(() => failure);
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  const inference = await opened(network, runningOn(tf));
  const inputs = randomInputs(random, network);
  failure = 'device lost';
  const { tensors, backend } = await inference.run(inputs);
  assert.deepEqual([backend, tensors], ['interpreter', interpret(network, inputs)]);
  failure = undefined;
  assert.equal((await inference.run(inputs)).backend, 'interpreter');
  await inference.close();
});

test('a backend that was not checked is not used', async () => {
  let current = 'cpu';
  const tf = standIn({ getBackend: () => current });
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  const inference = await opened(network, runningOn(tf));
  const inputs = randomInputs(random, network);
  assert.equal((await inference.run(inputs)).backend, 'tfjs-cpu');
  current = 'wasm';
  assert.equal((await inference.run(inputs)).backend, 'interpreter');
  await inference.close();
});

test('inferences asked for at once run one after the other, each with its own result', async () => {
  let [running, most] = [0, 0];
  const tidy = ((compute: () => ReturnType<Tensorflow['tensor']>) => {
    most = Math.max(most, ++running);
    const tensor = plainTensorflow.tidy(compute);
    const data = async () => {
      await new Promise(setImmediate);
      running--;
      return tensor.dataSync();
    };
    return Object.assign(tensor, { data });
  }) as Tensorflow['tidy'];
  const network = chainOf({ shape: [6] }, randomDense(random, 6, 5));
  const inference = await opened(network, runningOn(standIn({ tidy })));
  const all = sampleInputs(random, network, 8);
  const runs = await Promise.all(all.map((inputs) => inference.run(inputs)));
  runs.forEach(({ tensors }, i) => {
    assert.deepEqual(tensors, interpret(network, all[i]!));
  });
  assert.equal(most, 1);
  await inference.close();
});

test('closing waits for inferences, refuses more, and gives back all memory', async () => {
  const network = syntheticLenet5();
  const before = plainTensorflow.memory().numTensors;
  const inference = await opened(network, { ...runningOn(plainTensorflow), minProducts: 10_000 });
  const running = inference.run(randomInputs(random, network));
  await Promise.all([inference.close(), inference.close()]);
  assert.equal((await running).backend, 'tfjs-cpu');
  await refusesToRun(inference, network);
  assert.equal(plainTensorflow.memory().numTensors, before);
  await refusal(network, { ...runningOn(perturbedTensorflow(() => true, 1)), minProducts: 10_000 });
  assert.equal(plainTensorflow.memory().numTensors, before, 'after a refusal');
});

async function refusesToRun(inference: NetworkInference, network: Network): Promise<void> {
  await assert.rejects(
    inference.run(randomInputs(random, network)),
    (error) => error instanceof EnvironmentError && error.code === 'CIRCUITS_INFERENCE_CLOSED',
  );
}
