import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputArrays, realsOf } from './input-arrays.ts';

const VECTOR = { name: 'v', shape: [4] };
const PICTURE = { name: 'p', shape: [2, 3, 1], image: { scale: 1 / 255, offset: -0.5 } };

const dataOf = (value: unknown, inputs = [VECTOR]) =>
  inputArrays(value, inputs, 'the input').map(({ data }) => Array.from(data));

test('one input comes nested, flat, typed or shaped', () => {
  const numbers = [1, 2, 3, 4];
  const shaped = { shape: [1, 4], data: Float64Array.from(numbers) };
  for (const value of [numbers, [numbers], Float32Array.from(numbers), shaped]) {
    assert.deepEqual(dataOf(value), [numbers]);
  }
});

test('several inputs come by name, in any order', () => {
  const inputs = [VECTOR, { name: 'w', shape: [2] }];
  assert.deepEqual(dataOf({ w: [[5], [6]], v: new Uint8Array(4) }, inputs), [
    [0, 0, 0, 0],
    [5, 6],
  ]);
});

test('names that are missing, left over or not given are refused', () => {
  const inputs = [VECTOR, { name: 'w', shape: [2] }];
  const values = [{ v: [1, 2, 3, 4] }, { v: [1, 2, 3, 4], w: [1, 2], x: [] }, [1, 2, 3, 4], {}];
  for (const value of values) {
    assert.throws(() => dataOf(value, inputs), { code: 'CORE_INPUT_NAMES' });
  }
  assert.throws(() => dataOf({ toString: [1, 2, 3, 4] }), { code: 'CORE_INPUT_NAMES' });
});

test('another shape, and what are no numbers, are refused', () => {
  const data = new Float32Array(6);
  for (const value of [[1, 2, 3], new Float32Array(5), { shape: [3, 2], data }]) {
    assert.throws(() => dataOf(value, [PICTURE]), { code: 'CORE_INPUT_SHAPE' });
  }
  for (const value of [null, 'text', 7]) {
    assert.throws(() => dataOf(value), { code: 'CORE_NUMBERS_SHAPE' });
  }
  assert.throws(() => dataOf([1, 2, Number.NaN, 4]), { code: 'CORE_NUMBERS_ELEMENT' });
});

test('bytes are pixels where the model has image preprocessing, numbers else', () => {
  const shape = [2];
  const bytes = { shape, data: Uint8Array.of(0, 255) };
  assert.deepEqual([...realsOf(bytes, PICTURE.image)], [-0.5, 0.5]);
  assert.deepEqual([...realsOf(bytes, undefined)], [0, 255]);
  const numbers = { shape, data: Float64Array.of(0, 255) };
  assert.deepEqual([...realsOf(numbers, PICTURE.image)], [0, 255]);
});
