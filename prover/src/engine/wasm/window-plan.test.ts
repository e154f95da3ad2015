import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { digitOffset, planUniform, planWitness, type WindowPlan } from './window-plan.ts';

const random = seededRandom(announceSeed());

/** Σ digit·2^(bits·w), the digits read as the kernels do. */
function recompose(plan: WindowPlan, scalar: bigint): bigint {
  const shifted = scalar + digitOffset(plan);
  assert.ok(shifted >= 0n && shifted < 1n << BigInt(plan.bits * plan.count));
  let sum = 0n;
  for (let w = 0; w < plan.count; w++) {
    const digit = BigInt.asUintN(plan.bits, shifted >> BigInt(plan.bits * w));
    sum += (digit - (1n << BigInt(plan.bits - 1))) << BigInt(plan.bits * w);
  }
  return sum;
}

test('digits of every plan make up the largest scalars of both signs', () => {
  const half = (SCALAR_FIELD_ORDER - 1n) / 2n;
  for (let log2 = 0; log2 <= 22; log2++) {
    const plan = planUniform(2 ** log2);
    for (const scalar of [half, -half, 0n, 1n, -1n, random.bigint(half)]) {
      assert.equal(recompose(plan, scalar), scalar);
    }
    assert.ok(plan.bits * plan.count <= 267);
  }
});

test('small and wide scalars fit their windows, whatever their lengths', () => {
  for (let round = 0; round < 20; round++) {
    const histogram = Array.from({ length: 256 }, (_, bits) =>
      bits < 254 && random.boolean(0.3) ? random.int(0, 100000) : 0,
    );
    histogram[1] = 50000;
    const plan = planWitness(histogram);
    const largest = 2n ** BigInt(plan.smallBits) - 1n;
    for (const scalar of [largest, -largest]) assert.equal(recompose(plan.small, scalar), scalar);
    assert.ok(plan.small.bits * plan.small.count <= 64);
    const counted = histogram.reduce((sum, count) => sum + count, 0) - histogram[0]!;
    assert.equal(plan.smallCount + plan.wideCount, counted);
  }
});

test('a witness of bits alone has one small window', () => {
  const histogram = new Array(256).fill(0);
  histogram[1] = 100000;
  histogram[0] = 100000;
  const plan = planWitness(histogram);
  assert.deepEqual([plan.smallCount, plan.wideCount, plan.small.count], [100000, 0, 1]);
});
