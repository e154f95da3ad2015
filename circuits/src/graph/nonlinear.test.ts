import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { requantize } from '../testing/random-operations.ts';
import { leakyReluValue, multiplierOf, requantizeValue } from './nonlinear.ts';

const random = seededRandom(announceSeed());

/**
 * clamp(floor((x · m + 2^(k − 1)) / 2^k), lo, hi) over the rationals: twice the quotient, so that
 * no half is lost.
 */
function definition(x: bigint, m: bigint, k: bigint, lo: bigint, hi: bigint): bigint {
  const divisor = 2n ** (k + 1n);
  const numerator = 2n * x * m + (k === 0n ? 0n : 2n ** k);
  let quotient = numerator / divisor;
  if (quotient * divisor > numerator) quotient -= 1n;
  if (quotient < lo) return lo;
  return quotient > hi ? hi : quotient;
}

test('requantise equals its definition at every magnitude, in both representations', () => {
  for (let i = 0; i < 4000; i++) {
    const magnitude = random.int(1, 61);
    const x = random.bigint(2n ** BigInt(magnitude)) * (random.boolean() ? 1n : -1n);
    const m = random.boolean() ? 1 : random.int(1, 2 ** random.int(1, 31) - 1);
    const shift = random.int(0, 61);
    const lo = random.pick([0, -128, -(2 ** 30), 5]);
    const hi = lo + random.pick([1, 6, 255, 2 ** 30]);
    const operator = requantize(shift, lo, hi, [m]);
    const expected = Number(definition(x, BigInt(m), BigInt(shift), BigInt(lo), BigInt(hi)));
    const what = `x ${x}, m ${m}, shift ${shift}, [${lo}, ${hi}]`;
    assert.equal(requantizeValue(x, m, operator), expected, what);
    if (Number.isSafeInteger(Number(x))) {
      assert.equal(requantizeValue(Number(x), m, operator), expected, what);
    }
  }
});

test('requantise rounds ties up, on both sides of zero', () => {
  const by4 = requantize(2, -100, 100);
  const rounded = [-7, -6, -5, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7];
  const expected = [-2, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2];
  assert.deepEqual(
    rounded.map((x) => requantizeValue(x, 1, by4) + 0),
    expected,
  );
});

test('requantise does not round at shift 0, and clamps at both ends', () => {
  const operator = requantize(0, -3, 4);
  assert.deepEqual(
    [-4, -3, 0, 4, 5].map((x) => requantizeValue(x, 1, operator)),
    [-3, -3, 0, 4, 4],
  );
  assert.equal(requantizeValue(2n ** 61n, 2 ** 30, operator), 4);
  assert.equal(requantizeValue(-(2n ** 61n), 2 ** 30, operator), -3);
});

test('multipliers follow the last axis', () => {
  const operator = requantize(0, 0, 9, [2, 3, 5]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((element) => multiplierOf(operator, element)),
    [2, 3, 5, 2, 3],
  );
  assert.equal(multiplierOf(requantize(0, 0, 9, [7]), 4), 7);
});

test('leaky ReLU is exact beyond the safe integers', () => {
  const operator = { kind: 'leakyRelu', slope: 3, shift: 20 } as const;
  assert.equal(leakyReluValue(2 ** 52 - 1, operator), (2n ** 52n - 1n) * 2n ** 20n);
  assert.equal(leakyReluValue(-(2 ** 52) + 1, operator), (-(2n ** 52n) + 1n) * 3n);
});
