import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  parseJson,
  readArray,
  readConstant,
  readHexDigest,
  readInteger,
  readObject,
  readRecord,
  readString,
} from './strict-json.ts';

const shape = { code: 'CORE_JSON_SHAPE' };

test('a whole JSON text gives its value; a truncated, empty or foreign one is refused', () => {
  assert.deepEqual(parseJson('{"a":[1]}', 'x'), { a: [1] });
  for (const text of ['', '{"a":[1]', '{"a":NaN}', "{'a':1}", 'a: 1', '{} {}']) {
    assert.throws(() => parseJson(text, 'x'), { code: 'CORE_JSON_SYNTAX' });
  }
});

test('an object has exactly the keys asked for', () => {
  assert.deepEqual(readObject({ a: 1, b: 2 }, 'x', ['a'], ['b', 'c']), { a: 1, b: 2 });
  for (const value of [{}, { a: 1, d: 2 }, { b: 2 }, [], null, undefined, 'a', 1]) {
    assert.throws(() => readObject(value, 'x', ['a'], ['b', 'c']), shape);
  }
});

test('keys of the prototype neither stand in for missing ones nor slip through', () => {
  assert.throws(() => readObject({}, 'x', ['toString']), shape);
  assert.throws(() => readObject(JSON.parse('{"a":1,"__proto__":2}'), 'x', ['a']), shape);
});

test('scalars are of their kind', () => {
  assert.equal(readString('', 'x'), '');
  assert.equal(readInteger(-3, 'x', -3, 3), -3);
  assert.equal(readConstant(1, 'x', 1), 1);
  assert.equal(readHexDigest('0f'.repeat(32), 'x'), '0f'.repeat(32));
  assert.deepEqual(readArray([], 'x'), []);
  assert.deepEqual(readRecord({ 5: 1 }, 'x'), { 5: 1 });
});

test('scalars of another kind are refused', () => {
  const refused = [
    () => readString(1, 'x'),
    () => readInteger(1.5, 'x'),
    () => readInteger('1', 'x'),
    () => readInteger(-1, 'x'),
    () => readInteger(4, 'x', 0, 3),
    () => readInteger(2 ** 53, 'x'),
    () => readConstant('1', 'x', 1),
    () => readHexDigest('0F'.repeat(32), 'x'),
    () => readHexDigest(`${'0f'.repeat(32)}\n`, 'x'),
    () => readArray({ length: 0 }, 'x'),
    () => readRecord([], 'x'),
    () => readRecord(null, 'x'),
  ];
  for (const read of refused) assert.throws(read, shape);
});
