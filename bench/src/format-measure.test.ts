import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMegabytes, formatQuantity, measureOf, threeDigits } from './format-measure.ts';
import { benchCase } from './testing/counting-contest.ts';

const inNanoseconds = { ...benchCase, unit: 'ns' } as const;
const ofMemory = { ...benchCase, measure: 'memory' } as const;

test('three digits, and never fewer than those before the point', () => {
  assert.deepEqual([9.8714, 98.714, 987.14, 9871.4, 0.98714, 0].map(threeDigits), [
    '9.87',
    '98.7',
    '987',
    '9871',
    '0.99',
    '0.00',
  ]);
});

test('times are in the unit of the case, long ones in seconds', () => {
  assert.equal(formatQuantity(benchCase, 43.91), '43.9 ms');
  assert.equal(formatQuantity(benchCase, 9999), '9999 ms');
  assert.equal(formatQuantity(benchCase, 12_345), '12.3 s');
  assert.equal(formatQuantity(inNanoseconds, 3.56e-5), '35.6 ns');
});

test('memory is in decimal megabytes', () => {
  assert.equal(formatMegabytes(123_600_000), '124 MB');
  assert.equal(formatQuantity(ofMemory, 5e8), '500 MB');
});

test('error: a memory that the machine does not tell cannot be compared', () => {
  const measurement = { milliseconds: 1, cpuMilliseconds: 1, peakBytes: undefined, outcome: '' };
  assert.equal(measureOf(benchCase, measurement), 1);
  assert.throws(() => measureOf(ofMemory, measurement), { code: 'BENCH_MEMORY_UNKNOWN' });
});
