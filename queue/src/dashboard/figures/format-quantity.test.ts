import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAmount, formatBytes, formatCount, formatShare } from './format-quantity.ts';

for (const [wei, text] of [
  ['0', '0'],
  ['1', '1 wei'],
  ['999999', '999999 wei'],
  ['1000000', '0.001 gwei'],
  ['12345000000', '12.34 gwei'],
  ['999999999999', '999.9 gwei'],
  ['1000000000000', '0.000001'],
  ['12349999000000000', '0.01234'],
  ['1000000000000000000', '1'],
  ['1893499999999999999', '1.893'],
  ['-2500000000000000000', '−2.5'],
  ['1234567000000000000000000', '1,234,567'],
] as const) {
  test(`${wei} wei are ${text}, never more than there is`, () => {
    assert.equal(formatAmount(wei), text);
  });
}

test('what is no integer is no amount', () => {
  assert.throws(() => formatAmount('1.5'), SyntaxError);
});

test('counts are exact below a hundred thousand', () => {
  assert.equal(formatCount(99_999), '99,999');
  assert.equal(formatCount(100_000), '100.0K');
  assert.equal(formatCount(74_512_000n), '74.5M');
});

test('sizes change their unit at 1024', () => {
  assert.equal(formatBytes(1_023), '1023 B');
  assert.equal(formatBytes(1_024), '1.0 KiB');
  assert.equal(formatBytes(10 * 2 ** 30), '10 GiB');
  assert.equal(formatBytes(5_000 * 2 ** 40), '5000 TiB');
});

test('shares stay between nothing and all', () => {
  assert.equal(formatShare(0.425), '43 %');
  assert.equal(formatShare(1.8), '100 %');
  assert.equal(formatShare(-1), '0 %');
  assert.equal(formatShare(Number.NaN), '0 %');
});
