import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatReal,
  formatTime,
} from './format-quantity.ts';

test('counts are grouped by thousands', () => {
  assert.deepEqual([0, 999, 1000, 131068, 1234567].map(formatCount), [
    '0',
    '999',
    '1,000',
    '131,068',
    '1,234,567',
  ]);
  assert.equal(formatCount(-1234n), '-1,234');
});

test('bytes have three digits and a decimal unit', () => {
  assert.deepEqual([0, 256, 999, 1000, 1234567, 999_600, 45_100_000_000].map(formatBytes), [
    '0 B',
    '256 B',
    '999 B',
    '1.00 kB',
    '1.23 MB',
    '1.00 MB',
    '45.1 GB',
  ]);
});

test('durations choose their unit, and never show 60 seconds', () => {
  assert.deepEqual([0.4, 999, 1000, 59_949, 59_990, 245_000].map(formatDuration), [
    '0 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 00 s',
    '4 min 05 s',
  ]);
});

test('long durations are in hours and days, two units each', () => {
  const seconds = [3_599.4, 3_600, 5_400, 86_369, 86_399, 86_400, 30 * 86_400];
  assert.deepEqual(
    seconds.map((value) => formatDuration(1000 * value)),
    ['59 min 59 s', '1 h 00 min', '1 h 30 min', '23 h 59 min', '1 d 00 h', '1 d 00 h', '30 d 00 h'],
  );
});

test('times are in UTC, to the second', () => {
  assert.equal(formatTime(1_795_251_093n), '2026-11-21 08:51:33 UTC');
});

test('reals have four significant digits', () => {
  assert.deepEqual([0, 1 / 3, -12.34567, 1.5e-9, 123456].map(formatReal), [
    '0',
    '0.3333',
    '-12.35',
    '1.5e-9',
    '123500',
  ]);
});
