import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAmount, parseAmount } from './token-units.ts';

const ETHER = { symbol: 'ETH', decimals: 18 };
const CENTS = { symbol: 'CT', decimals: 2 };

test('amounts are read and written exactly', () => {
  assert.equal(parseAmount('0.01', ETHER), 10n ** 16n);
  assert.equal(parseAmount('12', CENTS), 1200n);
  assert.equal(parseAmount('0.000000000000000001', ETHER), 1n);
  assert.equal(formatAmount(10n ** 16n, ETHER), '0.01 ETH');
  assert.equal(formatAmount(10n ** 18n, ETHER), '1 ETH');
  assert.equal(formatAmount(0n, CENTS), '0 CT');
});

test('what is no amount of the currency is refused', () => {
  for (const text of ['', '-1', '1e3', '.5', '1.', '0x10', '1,5', '0.001']) {
    assert.throws(() => parseAmount(text, CENTS), { code: 'CONTRACTS_AMOUNT' }, text);
  }
});
