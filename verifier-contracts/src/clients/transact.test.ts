import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gasLimitFor } from './transact.ts';

test('a fulfilment is sent with gas for three balances that become zero before it', () => {
  assert.ok(gasLimitFor(373_000n) >= 373_000n + 3n * 17_100n);
});

test('large estimates get an eighth more', () => {
  assert.equal(gasLimitFor(8_000_000n), 9_000_000n);
});

test('the margin ends at what a transaction may ask for', () => {
  const cap = 1n << 24n;
  assert.equal(gasLimitFor(cap - 1000n), cap);
  assert.equal(gasLimitFor(cap), cap);
});

test('an estimate above the cap is not cut, for chains without one', () => {
  assert.equal(gasLimitFor((1n << 24n) + 1n), (1n << 24n) + 1n);
});
