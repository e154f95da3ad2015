import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { scalarBytes } from '../setup/key-scalars.ts';
import { createBigintKernel } from './fixed-base-kernel.ts';
import { bestWindowBits } from './fixed-base-table.ts';
import { decodePoint, G1_ENCODING, G2_ENCODING } from './point-encoding.ts';

const R = SCALAR_FIELD_ORDER;
const random = seededRandom(announceSeed());

function boundaryScalars(windowBits: number): bigint[] {
  const window = 2n ** BigInt(windowBits);
  const half = window / 2n;
  return [
    0n,
    1n,
    2n,
    half - 1n,
    half,
    half + 1n,
    window,
    R - 1n,
    R - 2n,
    R - half,
    // The last addition meets equal points: r − 2·(r mod 2^(w·j)) for the top window j.
    ...[252n, 250n, 248n, 245n].map((bits) => R - 2n * (R % 2n ** bits)).filter((s) => s > 0n),
    random.bigint(R),
    random.bigint(R),
    2n ** 253n,
    random.bigint(2n ** 70n),
  ];
}

for (const windowBits of [2, 5, 8]) {
  test(`behavior: multiples in G1 agree with the pairing library, window ${windowBits}`, () => {
    const scalars = boundaryScalars(windowBits);
    const bytes = createBigintKernel(windowBits)('g1', scalarBytes(scalars));
    scalars.forEach((scalar, i) => {
      const point = decodePoint(G1_ENCODING, bytes.subarray(i * G1_ENCODING.bytes));
      const expected = bn254.G1.Point.BASE.multiplyUnsafe(scalar);
      assert.deepEqual(point, expected.is0() ? null : expected.toAffine());
    });
  });

  test(`behavior: multiples in G2 agree with the pairing library, window ${windowBits}`, () => {
    const scalars = boundaryScalars(windowBits);
    const bytes = createBigintKernel(windowBits)('g2', scalarBytes(scalars));
    scalars.forEach((scalar, i) => {
      const point = decodePoint(G2_ENCODING, bytes.subarray(i * G2_ENCODING.bytes));
      const expected = bn254.G2.Point.BASE.multiplyUnsafe(scalar);
      assert.deepEqual(point, expected.is0() ? null : expected.toAffine());
    });
  });
}

test('the multiple by zero is encoded as zero bytes, and no other is', () => {
  const kernel = createBigintKernel(4);
  assert.ok(kernel('g1', scalarBytes([0n])).every((byte) => byte === 0));
  assert.ok(kernel('g2', scalarBytes([1n])).some((byte) => byte !== 0));
});

test('windows widen with the number of scalars, up to a bound', () => {
  const widths = [1, 100, 10_000, 1_000_000, 1e9].map(bestWindowBits);
  assert.deepEqual(
    widths,
    [...widths].sort((a, b) => a - b),
  );
  assert.equal(widths.at(-1), 13);
});
