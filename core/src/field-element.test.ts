import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from './field.ts';
import { parseFieldElement, requireFieldElement } from './field-element.ts';

test('an element of [0, r) passes unchanged', () => {
  for (const value of [0n, 1n, SCALAR_FIELD_ORDER - 1n]) {
    assert.equal(requireFieldElement(value, 'x'), value);
    assert.equal(parseFieldElement(value.toString(), 'x'), value);
  }
});

test('an integer outside [0, r) is refused', () => {
  for (const value of [-1n, SCALAR_FIELD_ORDER, 2n ** 300n]) {
    assert.throws(() => requireFieldElement(value, 'x'), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
  for (const text of [SCALAR_FIELD_ORDER.toString(), '9'.repeat(100_000)]) {
    assert.throws(() => parseFieldElement(text, 'x'), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
});

test('a text that is not the one decimal form is refused', () => {
  for (const text of ['', '01', '-1', '+1', '0x1', '1e3', ' 1', '1\n', 1, 1n, null, undefined]) {
    assert.throws(() => parseFieldElement(text, 'x'), { code: 'CORE_FIELD_ELEMENT_SYNTAX' });
  }
});

test('the refused value does not appear in the message', () => {
  const secret = SCALAR_FIELD_ORDER + 123456789n;
  assert.throws(
    () => requireFieldElement(secret, 'the salt'),
    (error: Error) => !error.message.includes(secret.toString()),
  );
});
