import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementCount } from './numeric-array.ts';

test('a shape has the product of its lengths as elements', () => {
  assert.equal(elementCount([]), 1);
  assert.equal(elementCount([2, 3, 4]), 24);
  assert.equal(elementCount([5, 0]), 0);
});

test('lengths or products that are no safe integers are refused', () => {
  for (const shape of [[-1], [1.5], [Number.NaN], [2 ** 30, 2 ** 30], [2 ** 53, 0]]) {
    assert.throws(() => elementCount(shape), RangeError);
  }
});
