import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { bumpedFees, feeCap, initialFees } from './fees.ts';

const MARKET = { baseFeePerGas: 100n, priorityFeePerGas: 7n };

test('a new transaction offers twice the base fee and the tip, up to the cap', () => {
  const fees = { maxFeePerGas: 207n, maxPriorityFeePerGas: 7n };
  assert.deepEqual(initialFees(MARKET, 1_000n), fees);
  assert.deepEqual(initialFees(MARKET, 150n), { ...fees, maxFeePerGas: 150n });
  assert.deepEqual(initialFees(MARKET, 5n), { maxFeePerGas: 5n, maxPriorityFeePerGas: 5n });
});

test('a replacement offers what the network asks for when that is more than an eighth more', () => {
  const before = { maxFeePerGas: 150n, maxPriorityFeePerGas: 1n };
  assert.deepEqual(bumpedFees(before, MARKET, 1_000n), initialFees(MARKET, 1_000n));
});

test('a replacement takes what is left of the cap, unless that is less than an eighth', () => {
  const before = { maxFeePerGas: 160n, maxPriorityFeePerGas: 8n };
  assert.deepEqual(bumpedFees(before, MARKET, 180n), {
    maxFeePerGas: 180n,
    maxPriorityFeePerGas: 9n,
  });
  assert.equal(bumpedFees(before, MARKET, 179n), undefined);
});

test('any replacement offers 12.5 % more in both fields, and a tip within the fee', () => {
  const random = seededRandom(announceSeed());
  for (let i = 0; i < 500; i++) {
    const maxFeePerGas = random.bigint(10n ** 12n) + 1n;
    const before = { maxFeePerGas, maxPriorityFeePerGas: random.bigint(maxFeePerGas + 1n) };
    const market = {
      baseFeePerGas: random.bigint(10n ** 12n),
      priorityFeePerGas: random.bigint(10n ** 11n),
    };
    const after = bumpedFees(before, market, 10n ** 14n)!;
    assert.ok(after.maxFeePerGas * 1000n >= before.maxFeePerGas * 1125n);
    assert.ok(after.maxPriorityFeePerGas * 1000n >= before.maxPriorityFeePerGas * 1125n);
    assert.ok(after.maxPriorityFeePerGas <= after.maxFeePerGas);
  }
});

test('the cap is the policy’s or what the job is worth, whichever is less', () => {
  assert.equal(feeCap(50n, 1_000n, 10n), 50n);
  assert.equal(feeCap(50n, 499n, 10n), 49n);
});
