import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../errors.ts';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { decodeOpening, encodeOpening, type Opening } from './opening.ts';

const OPENING: Opening = {
  version: 1,
  modelDigest: 'ab'.repeat(32),
  inputWords: [0n, SCALAR_FIELD_ORDER - 1n],
  inputSalt: 5n,
  outputWords: [7n],
  outputSalt: 2n ** 200n,
};

function refused(text: string, code: string): void {
  assert.throws(
    () => decodeOpening(text),
    (error) => error instanceof InputError && error.code === code,
  );
}

test('an opening survives its text', () => {
  assert.deepEqual(decodeOpening(encodeOpening(OPENING)), OPENING);
});

test('values that are not below r are neither written nor read', () => {
  assert.throws(() => encodeOpening({ ...OPENING, inputSalt: SCALAR_FIELD_ORDER }), InputError);
  const text = encodeOpening(OPENING).replace('"7"', `"${SCALAR_FIELD_ORDER}"`);
  refused(text, 'CORE_FIELD_ELEMENT_RANGE');
});

test('missing keys, unknown keys and truncated texts are refused', () => {
  const { outputSalt: _, ...incomplete } = JSON.parse(encodeOpening(OPENING));
  refused(JSON.stringify(incomplete), 'CORE_JSON_SHAPE');
  refused(JSON.stringify({ ...JSON.parse(encodeOpening(OPENING)), more: 1 }), 'CORE_JSON_SHAPE');
  refused(encodeOpening(OPENING).slice(0, -5), 'CORE_JSON_SYNTAX');
});
