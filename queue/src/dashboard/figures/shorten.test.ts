import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shorten } from './shorten.ts';

test('a long id keeps its ends, also no end at all', () => {
  assert.equal(shorten('0123456789abcdef', 4, 3), '0123…def');
  assert.equal(shorten('0123456789abcdef', 4, 0), '0123…');
});

test('what would not get shorter stays', () => {
  assert.equal(shorten('01234567', 4, 3), '01234567');
});
