import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER as r } from '../field.ts';
import {
  decodePublicSignals,
  encodePublicSignals,
  publicSignalList,
  publicSignalsOf,
} from './public-signals.ts';

const signals = { outputHash: 1n, inputHash: r - 1n, binder: 0n };

test('the order is output hash, input hash, binder', () => {
  assert.deepEqual(publicSignalList(signals), [1n, r - 1n, 0n]);
  assert.deepEqual(publicSignalsOf([1n, r - 1n, 0n]), signals);
});

test('public.json is an array of decimal strings and reads back', () => {
  const text = encodePublicSignals(signals);
  assert.deepEqual(JSON.parse(text), ['1', (r - 1n).toString(), '0']);
  assert.deepEqual(decodePublicSignals(text), signals);
});

test('another number of signals is refused', () => {
  for (const text of ['[]', '["1","2"]', '["1","2","3","4"]', '{}', 'null', '"123"']) {
    assert.throws(() => decodePublicSignals(text), { code: 'CORE_PUBLIC_SIGNALS' });
  }
  assert.throws(() => publicSignalsOf([1n]), { code: 'CORE_PUBLIC_SIGNALS' });
});

test('a signal of r or more is refused wherever it enters', () => {
  const code = 'CORE_FIELD_ELEMENT_RANGE';
  assert.throws(() => publicSignalsOf([1n, 2n, r]), { code });
  assert.throws(() => publicSignalList({ ...signals, binder: r }), { code });
  assert.throws(() => encodePublicSignals({ ...signals, outputHash: -1n }), { code });
  assert.throws(() => decodePublicSignals(JSON.stringify(['1', `${r + 5n}`, '3'])), { code });
});

test('signals in another notation, and truncated files, are refused', () => {
  for (const text of ['[1,2,3]', '["1","2","0x3"]', '["1","2","03"]']) {
    assert.throws(() => decodePublicSignals(text), { code: 'CORE_FIELD_ELEMENT_SYNTAX' });
  }
  assert.throws(() => decodePublicSignals('["1","2"'), { code: 'CORE_JSON_SYNTAX' });
});
