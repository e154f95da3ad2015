import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER, SCALAR_FIELD_ORDER, writeFieldBytes } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { encodePoint, G1_ENCODING } from '../curve/point-encoding.ts';
import { uncheckedDifference } from './unchecked-difference.ts';

const random = seededRandom(announceSeed());
const draw = () => bn254.G1.Point.BASE.multiply(random.bigint(SCALAR_FIELD_ORDER - 1n) + 1n);
const encode = (point: ReturnType<typeof draw>) => encodePoint(G1_ENCODING, point.toAffine());

test('behavior: of points it is the difference', () => {
  for (let i = 0; i < 20; i++) {
    const [p, q] = [draw(), draw()];
    assert.deepEqual(uncheckedDifference(encode(p), encode(q)), encode(p.subtract(q)));
    assert.notDeepEqual(uncheckedDifference(encode(p), encode(q)), encode(p.add(q)));
  }
});

test('behavior: of any bytes it is a pair of coordinates below p', () => {
  for (const value of [2n ** 256n - 1n, BASE_FIELD_ORDER, 3n * BASE_FIELD_ORDER + 17n]) {
    const bytes = new Uint8Array(64);
    writeFieldBytes(new DataView(bytes.buffer), 0, value);
    writeFieldBytes(new DataView(bytes.buffer), 32, 2n ** 256n - 1n - value);
    const difference = uncheckedDifference(bytes, encode(draw()));
    assert.ok(G1_ENCODING.decode(new DataView(difference.buffer), 0) !== null);
  }
});
