import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from './percentile.ts';

const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

for (const [share, expected] of [
  [0.01, 1],
  [0.5, 5],
  [0.51, 6],
  [0.95, 10],
  [1, 10],
] as const) {
  test(`the ${share} percentile of one to ten is ${expected}`, () => {
    assert.equal(percentile(TEN, share), expected);
  });
}

test('one sample is every percentile, none has none', () => {
  assert.equal(percentile([7], 0.5), 7);
  assert.equal(percentile([], 0.5), undefined);
});
