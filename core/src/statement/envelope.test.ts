import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER as r } from '../field.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from './envelope.ts';

const envelope: Envelope = {
  version: 1,
  modelDigest: 'ab'.repeat(32),
  words: [0n, r - 1n, 5n],
  inputSalt: 2n ** 200n + 1n,
};
const plain = JSON.parse(encodeEnvelope(envelope)) as Record<string, unknown>;
const changed = (change: Record<string, unknown>) => JSON.stringify({ ...plain, ...change });

test('round-trips, numbers as decimal strings', () => {
  assert.deepEqual(decodeEnvelope(encodeEnvelope(envelope)), envelope);
  assert.deepEqual(plain.words, ['0', `${r - 1n}`, '5']);
});

test('another shape is refused', () => {
  const shapes = [
    changed({ version: 2 }),
    changed({ version: '1' }),
    changed({ modelDigest: 'AB'.repeat(32) }),
    changed({ modelDigest: 'ab' }),
    changed({ words: '5' }),
    changed({ extra: 1 }),
    JSON.stringify({ version: 1, modelDigest: envelope.modelDigest, words: [] }),
    '[]',
    'null',
  ];
  for (const text of shapes) assert.throws(() => decodeEnvelope(text), { code: 'CORE_JSON_SHAPE' });
});

test('words and salts that are not canonical are refused on both sides', () => {
  const range = { code: 'CORE_FIELD_ELEMENT_RANGE' };
  const syntax = { code: 'CORE_FIELD_ELEMENT_SYNTAX' };
  assert.throws(() => encodeEnvelope({ ...envelope, words: [r] }), range);
  assert.throws(() => encodeEnvelope({ ...envelope, inputSalt: r }), range);
  assert.throws(() => decodeEnvelope(changed({ words: [`${r}`] })), range);
  assert.throws(() => decodeEnvelope(changed({ inputSalt: `${r}` })), range);
  assert.throws(() => decodeEnvelope(changed({ words: [5] })), syntax);
  assert.throws(() => decodeEnvelope(changed({ inputSalt: '-1' })), syntax);
});

test('a truncated envelope is refused without quoting its salt', () => {
  const text = encodeEnvelope(envelope);
  assert.throws(
    () => decodeEnvelope(text.slice(0, -4)),
    (error: Error & { code: string }) =>
      error.code === 'CORE_JSON_SYNTAX' && !`${error.stack}`.includes(`${envelope.inputSalt}`),
  );
});
