import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSamples, median, spreadOf, summarize } from './summarize.ts';

test('the median is the middle sample, whatever the order', () => {
  assert.equal(median([5]), 5);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([100, 2, 3, 1, 4]), 3);
});

test('the median of an even number of samples is the mean of the two in the middle', () => {
  assert.equal(median([4, 1]), 2.5);
  assert.equal(median([10, 1, 2, 3]), 2.5);
});

test('numbers are ordered as numbers, and the samples left as they are', () => {
  const samples = [10, 9, 100];
  assert.equal(median(samples), 10);
  assert.deepEqual(samples, [10, 9, 100]);
});

test('no samples have no median', () => {
  assert.throws(() => median([]), RangeError);
});

test('a summary has the ends and the spread', () => {
  const summary = summarize([4, 2, 3]);
  assert.deepEqual(summary, { median: 3, min: 2, max: 4 });
  assert.equal(spreadOf(summary), 2 / 3);
});

test('a ratio is that of the rounds: their median, the least and the largest', () => {
  assert.deepEqual(compareSamples([8, 9, 30], [2, 3, 3]), { ratio: 4, min: 3, max: 10 });
});

test('a machine that is slower in one round for both leaves the ratio as it is', () => {
  assert.deepEqual(compareSamples([20, 200, 22], [10, 100, 11]), { ratio: 2, min: 2, max: 2 });
});

test('a contestant that missed a round cannot be compared', () => {
  assert.throws(() => compareSamples([1, 2], [1]), RangeError);
  assert.throws(() => compareSamples([], []), RangeError);
});
