import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numericArrayOf } from './nested-json.ts';

const numbersOf = (text: string) => numericArrayOf(JSON.parse(text));

const element = (position: string) => (error: { code: string; what: string }) =>
  error.code === 'CORE_NUMBERS_ELEMENT' && error.what.includes(`at ${position} `);
const uneven = (position: string) => (error: { code: string; what: string }) =>
  error.code === 'CORE_NUMBERS_SHAPE' && error.what.endsWith(`at ${position}`);

test('flat and nested arrays give shape and values in row-major order', () => {
  assert.deepEqual(numbersOf('[1, -2.5e3]'), {
    shape: [2],
    data: Float64Array.of(1, -2500),
  });
  assert.deepEqual(numbersOf('[[[1],[2],[3]],[[4],[5],[6]]]'), {
    shape: [2, 3, 1],
    data: Float64Array.of(1, 2, 3, 4, 5, 6),
  });
});

test('ragged arrays are refused, naming the position', () => {
  assert.throws(() => numbersOf('[[1,2],[3]]'), uneven('[1]'));
  assert.throws(() => numbersOf('[[1,2],[3,4,5]]'), uneven('[1]'));
  assert.throws(() => numbersOf('[[[1]],[2]]'), uneven('[1][0]'));
  assert.throws(() => numbersOf('[[1],[]]'), uneven('[1]'));
  assert.throws(() => numbersOf('[[]]'), uneven('[0]'));
});

test('what is not a finite number is refused, naming the position', () => {
  assert.throws(() => numbersOf('[[1,"2"],[3,4]]'), element('[0][1]'));
  assert.throws(() => numbersOf('[[1,2],[3,null]]'), element('[1][1]'));
  assert.throws(() => numbersOf('[1,[2]]'), element('[1]'));
  assert.throws(() => numbersOf('[1,true]'), element('[1]'));
  assert.throws(() => numbersOf('[1e999]'), element('[0]'));
  assert.throws(() => numericArrayOf([0, Number.NaN]), element('[1]'));
  assert.throws(() => numericArrayOf([0, Number.NEGATIVE_INFINITY]), element('[1]'));
});

test('a document that is no array of numbers is refused', () => {
  for (const text of ['1', '{}', 'null', '"[1]"', '[]']) {
    assert.throws(() => numbersOf(text), { code: 'CORE_NUMBERS_SHAPE' });
  }
});

test('deep nesting, and a shape far larger than the text, are refused at once', () => {
  const deep = `${'['.repeat(33)}1${']'.repeat(33)}`;
  assert.throws(() => numbersOf(deep), { code: 'CORE_NUMBERS_SHAPE' });
  let bomb: unknown = 1;
  for (let i = 0; i < 20; i++) bomb = [bomb, ...new Array(999).fill(0)];
  assert.throws(() => numericArrayOf(bomb), { code: 'CORE_NUMBERS_SHAPE' });
});
