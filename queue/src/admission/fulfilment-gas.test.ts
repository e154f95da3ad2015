import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchGas, callbackGas, isBatchCheaper } from './fulfilment-gas.ts';

test('the gas of batches under one key is within a hundredth of what was measured', () => {
  const measured = {
    1: 407_617,
    2: 634_985,
    3: 828_028,
    4: 1_021_140,
    8: 1_793_709,
    16: 3_339_912,
  };
  for (const [items, gas] of Object.entries(measured)) {
    const keys = Array.from({ length: Number(items) }, () => 'key');
    assert.ok(Math.abs(Number(batchGas(keys)) / gas - 1) < 0.01, `${items} items`);
  }
});

test('a batch is cheaper from two items on, most of all under one key; never for one alone', () => {
  assert.equal(isBatchCheaper(['a']), false);
  assert.equal(isBatchCheaper(['a', 'b']), true);
  assert.equal(isBatchCheaper(['a', 'a']), true);
  assert.ok(batchGas(['a', 'a', 'b']) < batchGas(['a', 'b', 'c']));
});

test('without a callback none of its gas is needed', () => {
  assert.equal(callbackGas(0n), 0n);
  assert.equal(callbackGas(63_000n), 63_000n + 1_000n + 90_000n);
});
