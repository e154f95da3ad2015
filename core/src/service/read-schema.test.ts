import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvelopeSchema } from './job-schemas.ts';
import { readSchema } from './read-schema.ts';

const good = { version: 1, modelDigest: 'a'.repeat(64), words: ['0', '12'], inputSalt: '0' };

test('a value that fits is given back as it is', () => {
  assert.deepEqual(readSchema(EnvelopeSchema, good, 'an envelope'), good);
});

for (const [what, bad] of Object.entries({
  'an unknown key': { ...good, more: 1 },
  'a missing key': { version: 1, modelDigest: good.modelDigest, words: good.words },
  'a digest in capitals': { ...good, modelDigest: 'A'.repeat(64) },
  'a leading zero': { ...good, words: ['012'] },
  'no words': { ...good, words: [] },
})) {
  test(`${what} is refused`, () => {
    assert.throws(() => readSchema(EnvelopeSchema, bad, 'an envelope'), { code: 'CORE_SCHEMA' });
  });
}

test('the error does not tell the value', () => {
  const secret = { ...good, inputSalt: 'my secret' };
  assert.throws(
    () => readSchema(EnvelopeSchema, secret, 'an envelope'),
    (error: Error) =>
      !JSON.stringify(error).includes('my secret') && !/my secret/.test(error.message),
  );
});
