import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { loadTensorflow } from '../float/backend.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import { decodeWeight } from './decode-weight.ts';
import { storedByteLength, type WeightEntry } from './weight-entry.ts';

const random = seededRandom(announceSeed());
let tf: Tensorflow;

before(async () => {
  ({ tf } = await loadTensorflow('cpu'));
});

const entry = (count: number, quantization?: WeightEntry['quantization']): WeightEntry => ({
  name: 'w',
  shape: [count],
  dtype: 'float32',
  ...(quantization !== undefined && { quantization }),
});

async function decodedByTensorflow(weight: WeightEntry, bytes: Uint8Array): Promise<Float32Array> {
  const buffer = bytes.slice().buffer;
  const decoded = tf.io.decodeWeights(buffer, [weight as never]);
  return (await decoded.w!.data()) as Float32Array;
}

for (const dtype of ['uint8', 'uint16'] as const) {
  test(`decodes ${dtype} storage as TF.js does, bit for bit`, async () => {
    const weight = entry(500, { dtype, scale: random.float(0.001, 0.1), min: random.float(-5, 0) });
    const bytes = random.bytes(storedByteLength(weight));
    assert.deepEqual(decodeWeight(weight, bytes), await decodedByTensorflow(weight, bytes));
  });
}

test('decodes every finite float16 as TF.js does', async () => {
  const finite = Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );
  const weight = entry(finite.length, { dtype: 'float16', scale: 1, min: 0 });
  const bytes = new Uint8Array(Uint16Array.from(finite).buffer);
  assert.deepEqual(decodeWeight(weight, bytes), await decodedByTensorflow(weight, bytes));
});

test('decodes float32 at any alignment', () => {
  const values = Float32Array.from({ length: 20 }, () => random.float(-9, 9));
  const bytes = new Uint8Array(81);
  bytes.set(new Uint8Array(values.buffer), 1);
  assert.deepEqual(decodeWeight(entry(20), bytes.subarray(1)), values);
});

test('refuses NaN and infinities, also those that storage makes', () => {
  const bad: [WeightEntry, number[]][] = [
    [entry(1), [0, 0, 0xc0, 0x7f]],
    [entry(1), [0, 0, 0x80, 0xff]],
    [entry(1, { dtype: 'float16', scale: 1, min: 0 }), [0x00, 0x7c]],
    [entry(1, { dtype: 'float16', scale: 1, min: 0 }), [0x01, 0xfc]],
    [entry(1, { dtype: 'uint8', scale: 1e38, min: 0 }), [255]],
  ];
  for (const [weight, bytes] of bad) {
    assert.throws(
      () => decodeWeight(weight, Uint8Array.from(bytes)),
      (error) => error instanceof InputError && error.code === 'CIRCUITS_MODEL_WEIGHT_NOT_FINITE',
    );
  }
});
