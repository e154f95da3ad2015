import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER as r } from '@zkinfer/core';
import { hex, literal, product, sum, variable } from './yul-sum.ts';

test('five residues fit a word and six do not', () => {
  assert.ok(5n * (r - 1n) < 2n ** 256n);
  assert.ok(6n * (r - 1n) >= 2n ** 256n);
});

test('a sum is reduced where it could leave the word, and only there', () => {
  const terms = (count: number) => Array.from({ length: count }, () => product('k', 'x'));
  assert.equal(sum(terms(5)).bound, 5);
  assert.doesNotMatch(sum(terms(5)).code, /addmod/);
  assert.equal(sum(terms(6)).bound, 1);
  assert.match(sum(terms(6)).code, /^addmod/);
  assert.equal(sum([...terms(4), variable('x', 2)]).bound, 1);
  assert.equal(sum(terms(7)).bound, 2, 'one more on top of what was reduced');
});

test('terms are written as Yul', () => {
  assert.equal(sum([product(hex(10), 'x'), literal(255n)]).code, 'add(mulmod(0xa, x, r),\n0xff)');
});
