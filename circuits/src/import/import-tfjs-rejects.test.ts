import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { loadTensorflow } from '../float/backend.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import { importTfjs } from './import-tfjs.ts';
import { type MemoryModel, memorySource, saveToMemory } from './testing/memory-model.ts';

const random = seededRandom(announceSeed());
let tf: Tensorflow;
let sound: MemoryModel;

/** input, conv, pool, flatten, dense, softmax; indices of these layers in the file. */
const [INPUT, CONV, POOL, FLATTEN, DENSE, SOFTMAX] = [0, 1, 2, 3, 4, 5];

before(async () => {
  ({ tf } = await loadTensorflow('cpu'));
  const layers = [
    tf.layers.inputLayer({ inputShape: [6, 6, 2] }),
    tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', name: 'conv' }),
    tf.layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
    tf.layers.flatten({ name: 'flatten' }),
    tf.layers.dense({ units: 4, name: 'dense' }),
    tf.layers.softmax({ name: 'softmax' } as never),
  ];
  sound = await saveToMemory(tf, tf.sequential({ layers: layers as never }), random);
});

/** A copy of the sound model for a test to damage. */
function copy(): MemoryModel {
  const shards = new Map([...sound.shards].map(([path, bytes]) => [path, bytes.slice()]));
  return { json: structuredClone(sound.json), shards };
}

function layersOf(model: MemoryModel) {
  return model.json.modelTopology.config.layers;
}

async function assertRejected(
  model: MemoryModel,
  code: string,
  text?: string,
): Promise<InputError> {
  let caught: unknown;
  await importTfjs(memorySource(model, text)).catch((error) => {
    caught = error;
  });
  assert.ok(caught instanceof InputError, `expected an InputError, got ${caught}`);
  assert.equal(caught.code, code);
  return caught;
}

test('the sound model is accepted', async () => {
  await importTfjs(memorySource(copy()));
});

/** A layer put in place of the softmax: [class name, config, code]. */
const UNSUPPORTED: readonly [string, object, string][] = [
  ['LSTM', { units: 3 }, 'CIRCUITS_UNSUPPORTED_LAYER'],
  ['Multiply', {}, 'CIRCUITS_UNSUPPORTED_LAYER'],
  ['__proto__', {}, 'CIRCUITS_UNSUPPORTED_LAYER'],
  ['InputLayer', {}, 'CIRCUITS_UNSUPPORTED_LAYER'],
  ['Activation', { activation: 'selu' }, 'CIRCUITS_UNSUPPORTED_ACTIVATION'],
  ['Activation', { activation: 'toString' }, 'CIRCUITS_UNSUPPORTED_ACTIVATION'],
  ['Activation', { activation: { class_name: 'relu' } }, 'CIRCUITS_UNSUPPORTED_ACTIVATION'],
  ['ReLU', { negative_slope: 0.1 }, 'CIRCUITS_UNSUPPORTED_OPTION'],
  ['ReLU', { threshold: 1 }, 'CIRCUITS_UNSUPPORTED_OPTION'],
  ['ReLU', { max_value: -1 }, 'CIRCUITS_MODEL_CONFIG'],
  ['LeakyReLU', { alpha: 1.5 }, 'CIRCUITS_UNSUPPORTED_OPTION'],
  ['LeakyReLU', { alpha: -0.1 }, 'CIRCUITS_UNSUPPORTED_OPTION'],
  ['Softmax', { axis: 0 }, 'CIRCUITS_UNSUPPORTED_OPTION'],
  ['Reshape', { target_shape: [-1, -1] }, 'CIRCUITS_MODEL_CONFIG'],
  ['Reshape', { target_shape: [3, -1] }, 'CIRCUITS_MODEL_SHAPE'],
  ['Reshape', { target_shape: [5] }, 'CIRCUITS_MODEL_SHAPE'],
  ['Reshape', {}, 'CIRCUITS_MODEL_CONFIG'],
  ['Add', {}, 'CIRCUITS_MODEL_SHAPE'],
  ['Concatenate', { axis: 1 }, 'CIRCUITS_MODEL_SHAPE'],
  ['MaxPooling2D', {}, 'CIRCUITS_MODEL_SHAPE'],
  ['Dense', { units: 2 }, 'CIRCUITS_MODEL_WEIGHT_MISSING'],
];

for (const [className, config, code] of UNSUPPORTED) {
  test(`refuses ${className} ${JSON.stringify(config)}: ${code}`, async () => {
    const model = copy();
    const entry = { class_name: className, config: { ...config, name: 'last' } };
    layersOf(model)[SOFTMAX] = entry;
    const error = await assertRejected(model, code);
    assert.match(error.message, className === 'Dense' ? /last\/kernel/ : /layer last/);
  });
}

test('the error for an unsupported layer names what is supported', async () => {
  const model = copy();
  layersOf(model)[SOFTMAX] = { class_name: 'GRU', config: { name: 'g' } };
  const error = await assertRejected(model, 'CIRCUITS_UNSUPPORTED_LAYER');
  for (const name of ['Conv2D', 'Dense', 'InputLayer', 'Sequential']) {
    assert.ok(error.expected?.includes(name));
  }
});

/** A setting of a layer changed: [layer, setting, value, code]. */
const SETTINGS: readonly [number, string, unknown, string][] = [
  [CONV, 'data_format', 'channels_first', 'CIRCUITS_UNSUPPORTED_OPTION'],
  [POOL, 'data_format', 'channelsFirst', 'CIRCUITS_UNSUPPORTED_OPTION'],
  [FLATTEN, 'data_format', 'channels_first', 'CIRCUITS_UNSUPPORTED_OPTION'],
  [CONV, 'padding', 'causal', 'CIRCUITS_UNSUPPORTED_OPTION'],
  [CONV, 'padding', 'reflect', 'CIRCUITS_UNSUPPORTED_OPTION'],
  [CONV, 'activation', 'elu', 'CIRCUITS_UNSUPPORTED_ACTIVATION'],
  [CONV, 'kernel_size', [3, 0], 'CIRCUITS_MODEL_CONFIG'],
  [CONV, 'kernel_size', '3', 'CIRCUITS_MODEL_CONFIG'],
  [CONV, 'kernel_size', 9, 'CIRCUITS_MODEL_WEIGHT_SHAPE'],
  [CONV, 'strides', [1.5, 1], 'CIRCUITS_MODEL_CONFIG'],
  [CONV, 'filters', null, 'CIRCUITS_MODEL_CONFIG'],
  [CONV, 'filters', 5, 'CIRCUITS_MODEL_WEIGHT_SHAPE'],
  [CONV, 'groups', 4, 'CIRCUITS_MODEL_SHAPE'],
  [CONV, 'use_bias', 'yes', 'CIRCUITS_MODEL_CONFIG'],
  [CONV, 'use_bias', false, 'CIRCUITS_MODEL_WEIGHT_UNUSED'],
  [CONV, 'name', 'other', 'CIRCUITS_MODEL_WEIGHT_MISSING'],
  [POOL, 'pool_size', 7, 'CIRCUITS_MODEL_SHAPE'],
  [DENSE, 'units', 3, 'CIRCUITS_MODEL_WEIGHT_SHAPE'],
  [DENSE, 'name', 'conv', 'CIRCUITS_MODEL_TOPOLOGY'],
  [INPUT, 'batch_input_shape', [null, null, null, 2], 'CIRCUITS_MODEL_DYNAMIC_SHAPE'],
  [INPUT, 'batch_input_shape', [null, 6, 6, 1e300], 'CIRCUITS_MODEL_DYNAMIC_SHAPE'],
  [INPUT, 'batch_input_shape', null, 'CIRCUITS_MODEL_SHAPE'],
  [INPUT, 'batch_input_shape', [null, 2, 2, 2], 'CIRCUITS_MODEL_SHAPE'],
  [INPUT, 'batch_input_shape', [null, 72], 'CIRCUITS_MODEL_SHAPE'],
];

for (const [layer, setting, value, code] of SETTINGS) {
  test(`refuses ${setting} ${JSON.stringify(value)} of layer ${layer}: ${code}`, async () => {
    const model = copy();
    layersOf(model)[layer].config[setting] = value;
    await assertRejected(model, code);
  });
}

test('refuses strides together with dilation', async () => {
  const model = copy();
  Object.assign(layersOf(model)[CONV].config, { strides: [2, 2], dilation_rate: [2, 2] });
  await assertRejected(model, 'CIRCUITS_UNSUPPORTED_OPTION');
});

test('refuses what TF.js ignores: DepthwiseConv2D dilation, keepdims', async () => {
  const depthwise = copy();
  const weight = depthwise.json.weightsManifest[0].weights[0];
  weight.name = 'conv/depthwise_kernel';
  weight.shape = [3, 3, 2, 3];
  depthwise.json.weightsManifest[0].weights[1].shape = [3];
  Object.assign(layersOf(depthwise)[CONV], { class_name: 'DepthwiseConv2D' });
  Object.assign(layersOf(depthwise)[CONV].config, { depth_multiplier: 3, dilation_rate: 2 });
  await assertRejected(depthwise, 'CIRCUITS_UNSUPPORTED_OPTION');
  const pooling = copy();
  layersOf(pooling)[POOL].class_name = 'GlobalMaxPooling2D';
  layersOf(pooling)[POOL].config.keepdims = true;
  await assertRejected(pooling, 'CIRCUITS_UNSUPPORTED_OPTION');
});

test('refuses a softmax inside the network', async () => {
  const model = copy();
  layersOf(model)[CONV].config.activation = 'softmax';
  await assertRejected(model, 'CIRCUITS_UNSUPPORTED_OPTION');
});

test('refuses Concatenate on the batch and on axes that TF.js takes for others', async () => {
  for (const [axis, code] of [
    [0, 'MODEL_CONFIG'],
    [3, 'MODEL_CONFIG'],
    [-2, 'UNSUPPORTED_OPTION'],
  ]) {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    const joined = tf.layers.concatenate({ axis: 1 }).apply([a, b]) as typeof a;
    const model = await saveToMemory(tf, tf.model({ inputs: [a, b], outputs: joined }), random);
    layersOf(model)[2].config.axis = axis;
    await assertRejected(model, `CIRCUITS_${code}`);
  }
});

test('refuses Add of unequal shapes, BatchNormalization on other axes', async () => {
  const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const sum = tf.layers.add().apply([a, b]) as typeof a;
  const add = await saveToMemory(tf, tf.model({ inputs: [a, b], outputs: sum }), random);
  layersOf(add)[0].config.batch_input_shape[1] = 1;
  await assertRejected(add, 'CIRCUITS_MODEL_SHAPE');

  const normal = tf.layers.batchNormalization({ inputShape: [4, 4] });
  const saved = await saveToMemory(tf, tf.sequential({ layers: [normal] }), random);
  layersOf(saved)[0].config.axis = 1;
  await assertRejected(saved, 'CIRCUITS_UNSUPPORTED_OPTION');
  layersOf(saved)[0].config.axis = [2];
  layersOf(saved)[0].config.epsilon = -2;
  await assertRejected(saved, 'CIRCUITS_MODEL_WEIGHT_RANGE');
});

/** The whole JSON replaced: [what, text, code]. */
const FOREIGN: readonly [string, string, string][] = [
  ['nothing', '', 'CIRCUITS_MODEL_NOT_JSON'],
  ['a list', '[]', 'CIRCUITS_MODEL_FORMAT'],
  ['an HDF5 file', '\ufffdHDF\r\n\u001a\n', 'CIRCUITS_MODEL_FORMAT'],
  ['a .keras file', 'PK\u0003\u0004rest', 'CIRCUITS_MODEL_FORMAT'],
  ['other JSON', '{"hello": 1}', 'CIRCUITS_MODEL_FORMAT'],
  [
    'a graph model',
    '{"format":"graph-model","modelTopology":{"node":[]}}',
    'CIRCUITS_MODEL_FORMAT',
  ],
  [
    'an unknown kind of model',
    model('{"class_name":"Graph","config":{}}'),
    'CIRCUITS_MODEL_FORMAT',
  ],
  ['a topology without class', model('{"config":{}}'), 'CIRCUITS_MODEL_FORMAT'],
  [
    'a model without layers',
    model('{"class_name":"Model","config":{}}'),
    'CIRCUITS_MODEL_TOPOLOGY',
  ],
  ['an empty model', model('{"class_name":"Sequential","config":[]}'), 'CIRCUITS_MODEL_TOPOLOGY'],
  [
    'a model without manifest',
    '{"modelTopology":{"class_name":"Model"}}',
    'CIRCUITS_MODEL_MANIFEST',
  ],
];

function model(topology: string): string {
  return `{"modelTopology":${topology},"weightsManifest":[]}`;
}

for (const [what, text, code] of FOREIGN) {
  test(`refuses ${what} as model.json: ${code}`, async () => {
    await assertRejected(copy(), code, text);
  });
}

test('refuses model.json cut off anywhere', async () => {
  const text = JSON.stringify(copy().json);
  for (let cut = 0; cut < text.length; cut += 97) {
    await assertRejected(copy(), 'CIRCUITS_MODEL_NOT_JSON', text.slice(0, cut));
  }
});

test('refuses weight files that are too short, too long or hold no reals', async () => {
  const short = copy();
  short.shards.set('shard2.bin', short.shards.get('shard2.bin')!.slice(1));
  await assertRejected(short, 'CIRCUITS_MODEL_WEIGHTS_TRUNCATED');
  const long = copy();
  long.shards.set('shard3.bin', new Uint8Array([...long.shards.get('shard3.bin')!, 0]));
  await assertRejected(long, 'CIRCUITS_MODEL_WEIGHTS_OVERSIZED');
  for (const bits of [
    [0, 0, 0xc0, 0x7f],
    [0, 0, 0x80, 0x7f],
    [0, 0, 0x80, 0xff],
  ]) {
    const bad = copy();
    bad.shards.get('shard1.bin')!.set(bits, 4);
    await assertRejected(bad, 'CIRCUITS_MODEL_WEIGHT_NOT_FINITE');
  }
});

/** The first weight's manifest entry changed: [change, code]. */
const ENTRIES: readonly [object, string][] = [
  [{ dtype: 'float64' }, 'CIRCUITS_MODEL_WEIGHT_DTYPE'],
  [{ dtype: 'string' }, 'CIRCUITS_MODEL_WEIGHT_DTYPE'],
  [{ dtype: 'int32' }, 'CIRCUITS_MODEL_WEIGHT_DTYPE'],
  [{ name: 7 }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ name: 'dense/bias' }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ name: 'foreign/kernel' }, 'CIRCUITS_MODEL_WEIGHT_MISSING'],
  [{ shape: [3, 3, -2, 3] }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ shape: 'large' }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ shape: [2 ** 40, 2 ** 40] }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ shape: [2 ** 40] }, 'CIRCUITS_MODEL_WEIGHTS_TRUNCATED'],
  [{ shape: [3, 3, 3, 2] }, 'CIRCUITS_MODEL_WEIGHT_SHAPE'],
  [{ quantization: { dtype: 'int4' } }, 'CIRCUITS_MODEL_WEIGHT_DTYPE'],
  [{ quantization: { dtype: 'uint8' } }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ quantization: { dtype: 'uint8', scale: 'x', min: 0 } }, 'CIRCUITS_MODEL_MANIFEST'],
  [{ quantization: { dtype: 'float16' } }, 'CIRCUITS_MODEL_WEIGHTS_OVERSIZED'],
];

for (const [change, code] of ENTRIES) {
  test(`refuses a weight entry with ${JSON.stringify(change)}: ${code}`, async () => {
    const model = copy();
    Object.assign(model.json.weightsManifest[0].weights[0], change);
    await assertRejected(model, code);
  });
}

test('refuses connections that lead nowhere, in a circle, or cannot be read', async () => {
  const a = tf.input({ shape: [4] });
  const b = tf.layers.reLU({ name: 'b' }).apply(a) as typeof a;
  const c = tf.layers.reLU({ name: 'c' }).apply(b) as typeof a;
  const saved = await saveToMemory(tf, tf.model({ inputs: a, outputs: c }), random);
  const keyOfC = layersOf(saved)[2].inbound_nodes[0][0];
  for (const key of [
    ['c', 0, 0],
    ['d', 0, 0],
    ['b', 1, 0],
    ['b', 0, 1],
    ['b', -1, 0],
    [1, 0, 0],
  ]) {
    const edited = { json: structuredClone(saved.json), shards: saved.shards };
    layersOf(edited)[2].inbound_nodes[0][0] = key;
    await assertRejected(edited, 'CIRCUITS_MODEL_TOPOLOGY');
  }
  assert.deepEqual(keyOfC.slice(0, 3), ['b', 0, 0]);
  const keras3 = { json: structuredClone(saved.json), shards: saved.shards };
  layersOf(keras3)[2].inbound_nodes = [{ args: [], kwargs: {} }];
  await assertRejected(keras3, 'CIRCUITS_MODEL_TOPOLOGY');
});
