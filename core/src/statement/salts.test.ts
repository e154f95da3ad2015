import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { poseidon } from '../poseidon.ts';
import { OPEN_SALT, outputSalt, randomSalt, requireChosenSalt } from './salts.ts';

test('the output salt is Poseidon(inputSalt, 1)', () => {
  assert.equal(outputSalt(OPEN_SALT), poseidon([0n, 1n]));
  assert.equal(outputSalt(77n), poseidon([77n, 1n]));
  assert.throws(() => outputSalt(SCALAR_FIELD_ORDER), { code: 'CORE_FIELD_ELEMENT_RANGE' });
});

test('random salts differ, fit 248 bits and may be chosen', () => {
  const salts = Array.from({ length: 50 }, randomSalt);
  assert.equal(new Set(salts).size, 50);
  assert.ok(salts.every((salt) => salt < 2n ** 248n));
  assert.ok(salts.some((salt) => salt > 2n ** 240n));
  for (const salt of salts) assert.equal(requireChosenSalt(salt), salt);
});

test('a chosen salt is 0 or large, and canonical', () => {
  assert.equal(requireChosenSalt(OPEN_SALT), 0n);
  assert.equal(requireChosenSalt(2n ** 64n), 2n ** 64n);
  for (const salt of [1n, 123456n, 2n ** 64n - 1n]) {
    assert.throws(() => requireChosenSalt(salt), { code: 'CORE_SALT_WEAK' });
  }
  for (const salt of [-1n, SCALAR_FIELD_ORDER]) {
    assert.throws(() => requireChosenSalt(salt), { code: 'CORE_FIELD_ELEMENT_RANGE' });
  }
});
