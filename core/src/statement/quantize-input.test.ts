import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { quantizeInput } from './quantize-input.ts';

const random = seededRandom(announceSeed());
const unit = { scale: 1, lo: -8, bits: 4 };
const nibble = (reals: number[]) => [...quantizeInput(reals, unit).values];

test('rounds to the nearest step, halves upwards', () => {
  assert.deepEqual(nibble([-1.5, -0.5, -0.4, 0, 0.4, 0.5, 1.5, 2.5]), [-1, 0, 0, 0, 0, 1, 2, 3]);
});

test('takes the float32 value of a real, not its double', () => {
  // 0.49999999999999994 is 0.5 as float32; so is 0.5 minus less than half a float32 step.
  assert.deepEqual(nibble([0.49999999999999994, 0.49999999, 0.49999997]), [1, 1, 0]);
  // Math.fround(0.35) = 0.3499999940395355 < 0.35: the step of 0.1 is 3, where the double would
  // give 4.
  assert.deepEqual([...quantizeInput([0.35], { scale: 0.1, lo: 0, bits: 4 }).values], [3]);
});

test('agrees with exact rational arithmetic for scales that are powers of two', () => {
  for (let i = 0; i < 500; i++) {
    const [numerator, shift] = [random.int(-(2 ** 23), 2 ** 23), random.int(0, 20)];
    const { values } = quantizeInput([numerator / 2 ** 10], {
      scale: 2 ** -shift,
      lo: -(2 ** 31),
      bits: 32,
    });
    const exact = ((BigInt(numerator) << BigInt(shift)) * 2n + (1n << 10n)) >> 11n;
    const clamped =
      exact < -(2n ** 31n) ? -(2n ** 31n) : exact > 2n ** 31n - 1n ? 2n ** 31n - 1n : exact;
    assert.equal(BigInt(values[0]!), clamped);
  }
});

test('clamps to [lo, lo + 2^b − 1] and reports how many and how far', () => {
  const { values, clamping } = quantizeInput([7, 8, -9.6, -8, 3e38], unit);
  assert.deepEqual([...values], [7, 7, -8, -8, 7]);
  assert.equal(clamping.count, 3);
  assert.equal(clamping.firstIndex, 1);
  assert.equal(clamping.largestExcess, Math.fround(3e38));
  assert.deepEqual(quantizeInput([7, -8], unit).clamping, {
    count: 0,
    largestExcess: 0,
    firstIndex: -1,
  });
});

test('a quotient beyond doubles is clamped too', () => {
  const { values, clamping } = quantizeInput([1e38, -1e38], { scale: 1e-300, lo: 0, bits: 8 });
  assert.deepEqual([...values], [255, 0]);
  assert.equal(clamping.largestExcess, Number.POSITIVE_INFINITY);
});

test('strict refuses what would be clamped, and takes what would not', () => {
  assert.throws(() => quantizeInput([0, 8], unit, { strict: true }), {
    code: 'CORE_INPUT_OUT_OF_RANGE',
  });
  assert.deepEqual([...quantizeInput([-8, 7.49], unit, { strict: true }).values], [-8, 7]);
});

test('NaN and infinities are refused, naming the index', () => {
  for (const real of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3.5e38]) {
    assert.throws(
      () => quantizeInput([0, 1, real], unit),
      (error: { code: string; what: string }) =>
        error.code === 'CORE_INPUT_NOT_FINITE' && error.what.includes('element 2'),
    );
  }
});

test('a malformed quantisation is refused', () => {
  const malformed = [
    { scale: 0 },
    { scale: -1 },
    { scale: Number.NaN },
    { scale: Number.POSITIVE_INFINITY },
    { bits: 0 },
    { bits: 33 },
    { bits: 1.5 },
    { lo: 0.5 },
    { lo: -(2 ** 31) - 1 },
    { lo: 2 ** 31 - 15 },
  ];
  for (const change of malformed) {
    assert.throws(() => quantizeInput([0], { ...unit, ...change }), RangeError);
  }
});
