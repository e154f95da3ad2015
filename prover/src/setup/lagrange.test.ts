import assert from 'node:assert/strict';
import { test } from 'node:test';
import { power, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { rootOfUnity } from '../curve/root-of-unity.ts';
import { lagrangeAt, oddLagrangeAt } from './lagrange.ts';

const R = SCALAR_FIELD_ORDER;
const random = seededRandom(announceSeed());

/** Σ coefficients[i] · x^i. */
function evaluate(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((sum, c) => reduce(sum * x + c), 0n);
}

function weighted(weights: readonly bigint[], values: readonly bigint[]): bigint {
  return reduce(weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0n));
}

test('behavior: a polynomial is interpolated from its values on the domain', () => {
  const polynomial = Array.from({ length: 16 }, () => random.bigint(R));
  const x = random.bigint(R);
  const values = Array.from({ length: 16 }, (_, i) =>
    evaluate(polynomial, power(rootOfUnity(4), BigInt(i))),
  );
  assert.equal(weighted(lagrangeAt(x, 4), values), evaluate(polynomial, x));
});

test('behavior: one that vanishes on the domain is interpolated from the odd points', () => {
  const factor = Array.from({ length: 7 }, () => random.bigint(R));
  const vanishing = (x: bigint) => reduce(evaluate(factor, x) * (power(x, 8n) - 1n));
  const x = random.bigint(R);
  const values = Array.from({ length: 8 }, (_, i) =>
    vanishing(power(rootOfUnity(4), BigInt(2 * i + 1))),
  );
  assert.equal(weighted(oddLagrangeAt(x, 3), values), vanishing(x));
});

test('error: a point of the domain is refused', () => {
  assert.throws(() => lagrangeAt(rootOfUnity(3), 3), RangeError);
});
