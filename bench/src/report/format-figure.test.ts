import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCount, formatMoney, formatTime } from './format-figure.ts';

test('times have the unit that three digits fit', () => {
  assert.deepEqual([0, 0.0123, 0.5, 7.25, 999.4, 1000, 93_000, 599_000, 600_000].map(formatTime), [
    '0 ms',
    '12.3 µs',
    '500 µs',
    '7.25 ms',
    '999 ms',
    '1.00 s',
    '93.0 s',
    '599 s',
    '10.0 min',
  ]);
});

test('sizes are decimal', () => {
  assert.deepEqual([0, 256, 1_500, 57_100_000, 2_000_000_000].map(formatBytes), [
    '0 B',
    '256 B',
    '1.50 kB',
    '57.1 MB',
    '2.00 GB',
  ]);
});

test('money keeps three digits, however little it is', () => {
  assert.deepEqual(
    [0, 0.000_041_73, 0.5, 1.234, 12.3, 123.4, 2_500].map((each) => formatMoney(each, 'USD')),
    ['0 USD', '0.0000417 USD', '0.500 USD', '1.23 USD', '12.3 USD', '123 USD', '2,500 USD'],
  );
});

test('counts have their thousands apart', () => {
  assert.equal(formatCount(1_234_567), '1,234,567');
});
