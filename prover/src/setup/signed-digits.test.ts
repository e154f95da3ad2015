import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Coefficient, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { DIGITS_BYTES, writeSignedDigits } from './signed-digits.ts';

const R = SCALAR_FIELD_ORDER;
const random = seededRandom(announceSeed());

/** Digits from position 0 up. */
function digitsOf(bytes: Uint8Array): number[] {
  const bit = (at: number, p: number) => (bytes[at + (p >> 3)]! >> (p & 7)) & 1;
  return Array.from({ length: 256 }, (_, p) => bit(0, p) - bit(DIGITS_BYTES / 2, p));
}

test('behavior: digits add up to the coefficient, no two neighbours are set, the highest is told', () => {
  const edges: Coefficient[] = [1, -1, 2, 3, -3, 7, -128, 2 ** 53 - 1, -(2 ** 53) + 1];
  const large = [R - 1n, R / 2n, R / 2n + 1n, -(2n ** 300n), 2n ** 253n - 1n, R + 5n];
  const drawn = Array.from({ length: 200 }, () => random.bigint(R));
  for (const coefficient of [...edges, ...large, ...drawn]) {
    const bytes = new Uint8Array(DIGITS_BYTES);
    const highest = writeSignedDigits(bytes, coefficient);
    const digits = digitsOf(bytes);
    const sum = digits.reduce((total, digit, p) => total + BigInt(digit) * 2n ** BigInt(p), 0n);
    assert.equal(reduce(sum), reduce(BigInt(coefficient)));
    assert.ok(digits.every((digit, p) => digit === 0 || (digits[p + 1] ?? 0) === 0));
    assert.equal(
      highest,
      digits.findLastIndex((digit) => digit !== 0),
    );
    assert.ok(highest < 254);
  }
});

test('behavior: 0 has no digit', () => {
  const bytes = new Uint8Array(DIGITS_BYTES);
  for (const zero of [0, R, -R]) assert.equal(writeSignedDigits(bytes, zero), -1);
  assert.ok(bytes.every((byte) => byte === 0));
});
