import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { type CanonicalValue, canonicalJson } from './canonical-json.ts';

const random = seededRandom(announceSeed());

test('is JSON.stringify with two spaces and a newline, keys in insertion order', () => {
  const value = { b: [1, 'é', null, true, []], a: {} };
  assert.equal(canonicalJson(value), `${JSON.stringify(value, null, 2)}\n`);
  assert.notEqual(canonicalJson({ a: {}, b: [] }), canonicalJson({ b: [], a: {} }));
});

test('bigints become decimal strings', () => {
  assert.equal(canonicalJson([2n ** 70n, -1n]), `[\n  "${2n ** 70n}",\n  "-1"\n]\n`);
});

test('doubles of any magnitude read back bit for bit', () => {
  for (let i = 0; i < 500; i++) {
    const number = random.float(-1, 1) * 2 ** random.int(-1070, 1020);
    assert.equal(JSON.parse(canonicalJson(number)), number === 0 ? 0 : number);
  }
  assert.equal(canonicalJson(-0), '0\n');
});

test('numbers that JSON cannot hold are refused', () => {
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => canonicalJson({ a: [number] }), RangeError);
  }
});

test('values that JSON would drop or rewrite are refused', () => {
  const sparse: number[] = [];
  sparse[1] = 1;
  const refused: unknown[] = [
    undefined,
    { a: undefined },
    [undefined],
    sparse,
    () => 1,
    Symbol('a'),
    new Date(0),
    new Map([['a', 1]]),
    new Uint8Array(2),
    { toJSON: () => 1 },
    { 7: 1 },
  ];
  for (const value of refused) {
    assert.throws(() => canonicalJson(value as CanonicalValue), TypeError);
  }
});
