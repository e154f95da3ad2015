import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { addPairwise } from './batch-addition.ts';
import { G1, G2, type Point } from './point-group.ts';

const NEGATIVE = 3n;

function multipleOfG1(scalar: bigint): Point<bigint> {
  const point = bn254.G1.Point.BASE.multiplyUnsafe(scalar);
  return point.is0() ? null : point.toAffine();
}

function negated(scalar: bigint): Point<bigint> {
  return bn254.G1.Point.BASE.multiplyUnsafe(scalar).negate().toAffine();
}

test('behavior: infinity, equal, opposite and different points may stand in one batch', () => {
  const left = [null, null, multipleOfG1(5n), multipleOfG1(NEGATIVE), multipleOfG1(7n)];
  const right = [null, multipleOfG1(2n), null, negated(NEGATIVE), multipleOfG1(7n)];
  const sums = addPairwise(G1, [...left, multipleOfG1(4n)], [...right, multipleOfG1(9n)]);
  assert.deepEqual(sums, [
    null,
    multipleOfG1(2n),
    multipleOfG1(5n),
    null,
    multipleOfG1(14n),
    multipleOfG1(13n),
  ]);
});

test('behavior: doubling in G2 agrees with the pairing library', () => {
  const [sum] = addPairwise(G2, [G2.generator], [G2.generator]);
  assert.deepEqual(sum, bn254.G2.Point.BASE.double().toAffine());
});
