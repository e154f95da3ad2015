import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { MAX_EXACT_FLOAT32, splitWeights } from './split-weights.ts';

const random = seededRandom(announceSeed());

/** Sums of the magnitudes of digits, by output channel and digit. */
function digitSums(digits: Float32Array, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  digits.forEach((digit, i) => {
    sums[i % columns]! += Math.abs(digit);
  });
  return sums;
}

test('digits make up their weights, have their sign, and their sums stay exact', () => {
  const counts = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const channels = random.int(1, 5);
    const weights = Int16Array.from({ length: channels * random.int(1, 60) }, () =>
      random.int(-(2 ** 15), 2 ** 15 - 1),
    );
    const magnitude = 2 ** random.int(0, 14);
    const split = splitWeights(weights, channels, magnitude);
    assert.ok(split !== undefined);
    const { count, bits, digits } = split;
    counts.add(count);
    weights.forEach((weight, i) => {
      const own = Array.from(digits.subarray(i * count, (i + 1) * count));
      assert.equal(own.reduce((sum, digit, d) => sum + digit * 2 ** (bits * d), 0) + 0, weight);
      assert.ok(own.every((digit) => digit * weight >= 0));
    });
    const largest = Math.max(...digitSums(digits, channels * count));
    assert.ok(largest * magnitude <= MAX_EXACT_FLOAT32);
  }
  assert.ok(counts.size > 1, 'weights of one digit only');
});

test('weights stay whole up to sums of 2^24 exactly, and are split one term beyond', () => {
  const limit = Int16Array.of(-(2 ** 15), -(2 ** 15), 0);
  assert.equal(splitWeights(limit, 1, 2 ** 8)!.count, 1);
  assert.equal(splitWeights(limit, 1, 2 ** 8 + 1)!.count, 2);
  const beyond = Int16Array.of(-(2 ** 15), -(2 ** 15), 1);
  assert.equal(splitWeights(beyond, 1, 2 ** 8)!.count, 2);
  assert.equal(splitWeights(beyond, 3, 2 ** 8)!.count, 1, 'each channel has its own sum');
});

test('four digits at most: beyond them there is no split', () => {
  const weights = Int16Array.of(0x7fff, 0x7fff);
  // The digits of 15 bits in four are of 4 bits; the largest sum is 15 + 15.
  const magnitude = Math.floor(MAX_EXACT_FLOAT32 / 30);
  assert.equal(splitWeights(weights, 1, magnitude)!.count, 4);
  assert.equal(splitWeights(weights, 1, magnitude + 1), undefined);
});

test('weights that are all zero need one digit, whatever they are multiplied with', () => {
  assert.equal(splitWeights(new Int16Array(4), 2, 2 ** 40)!.count, 1);
});
