import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentilesOf } from './percentiles.ts';

test('percentiles are samples, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(percentilesOf(hundred), { p50: 50, p95: 95, p99: 99 });
  assert.deepEqual(percentilesOf([7]), { p50: 7, p95: 7, p99: 7 });
  assert.deepEqual(percentilesOf([1, 10]), { p50: 1, p95: 10, p99: 10 });
});

test('no samples have no percentiles', () => {
  assert.throws(() => percentilesOf([]), RangeError);
});
