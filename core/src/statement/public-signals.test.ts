import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER as r } from '../field.ts';
import { publicSignalsOf } from './public-signals.ts';

test('the order is output hash, input hash, binder', () => {
  const signals = { outputHash: 1n, inputHash: r - 1n, binder: 0n };
  assert.deepEqual(publicSignalsOf([1n, r - 1n, 0n]), signals);
});

test('another number of signals is refused', () => {
  for (const list of [[], [1n], [1n, 2n], [1n, 2n, 3n, 4n]]) {
    assert.throws(() => publicSignalsOf(list), { code: 'CORE_PUBLIC_SIGNALS' });
  }
});

test('a signal outside [0, r) is refused wherever it stands', () => {
  for (const list of [
    [r, 2n, 3n],
    [1n, r + 5n, 3n],
    [1n, 2n, -1n],
  ]) {
    assert.throws(() => publicSignalsOf(list), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
});
