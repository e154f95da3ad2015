/** The slow twin of the point kernels against a pairing library and Ethereum’s vectors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { ADDITION_VECTORS, MULTIPLICATION_VECTORS } from './evm-point-vectors.ts';
import {
  addSlow,
  multiplyAllSlow,
  multiplySlow,
  negateSlow,
  SLOW_GENERATORS,
  slowPoint,
} from './slow-points.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;

test('sums and products in G1 are those of Ethereum’s precompiled contracts', () => {
  for (const { name, p, q, sum } of ADDITION_VECTORS) {
    assert.deepEqual(addSlow(p, q), sum, name);
    assert.deepEqual(addSlow(q, p), sum, name);
  }
  for (const { name, p, scalar, product } of MULTIPLICATION_VECTORS) {
    assert.deepEqual(multiplySlow(p, scalar), product, name);
  }
});

test('multiples in both groups are those of the pairing library', () => {
  for (const scalar of [1n, 2n, 3n, R - 1n, random.bigint(R)]) {
    const g1 = bn254.G1.Point.BASE.multiplyUnsafe(scalar).toAffine();
    assert.deepEqual(multiplySlow(SLOW_GENERATORS.g1, scalar), slowPoint(g1));
    const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(scalar).toAffine();
    const g2 = { x: { c0: x.c0, c1: x.c1 }, y: { c0: y.c0, c1: y.c1 } };
    assert.deepEqual(multiplySlow(SLOW_GENERATORS.g2, scalar), g2);
  }
});

test('infinity is neutral, opposite points cancel, and the order takes all points there', () => {
  for (const generator of Object.values(SLOW_GENERATORS)) {
    assert.deepEqual(addSlow(null, generator), generator);
    assert.equal(addSlow(generator, negateSlow(generator)), null);
    assert.equal(multiplySlow(generator, R), null);
    assert.equal(multiplySlow(generator, 0n), null);
    assert.equal(multiplySlow(null, 5n), null);
    assert.deepEqual(multiplySlow(generator, -3n), negateSlow(multiplySlow(generator, 3n)));
    const twice = addSlow(generator, generator);
    assert.deepEqual(multiplyAllSlow([generator, twice], [4n, 3n]), multiplySlow(generator, 10n));
  }
});
