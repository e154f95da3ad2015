import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { InvalidArgumentError } from 'commander';
import {
  durationOption,
  fieldElementOption,
  hash32Option,
  integerOption,
  memoryOption,
  realOption,
  sha256Option,
} from './option-parsers.ts';

const refused = (parse: (text: string) => unknown, texts: readonly string[]) => {
  for (const text of texts) assert.throws(() => parse(text), InvalidArgumentError, text);
};

test('integers lie in their range and are written as integers', () => {
  const parse = integerOption(2, 16);
  assert.deepEqual(['2', '16'].map(parse), [2, 16]);
  refused(parse, ['1', '17', '8.5', '0x8', '', ' 8', 'eight']);
});

test('reals may be fractions', () => {
  assert.deepEqual(['0.5', '-1', '1e-3', '1/255'].map(realOption), [0.5, -1, 0.001, 1 / 255]);
  refused(realOption, ['', '/2', '1/0', '1/2/3', 'NaN', 'Infinity', 'a']);
});

test('field elements are decimal or hexadecimal, and less than r', () => {
  assert.deepEqual(['0', '0x10', `${SCALAR_FIELD_ORDER - 1n}`].map(fieldElementOption), [
    0n,
    16n,
    SCALAR_FIELD_ORDER - 1n,
  ]);
  refused(fieldElementOption, ['', '-1', '1.5', '0x', `${SCALAR_FIELD_ORDER}`, '9'.repeat(90)]);
});

test('hashes have 32 bytes', () => {
  assert.equal(hash32Option(`0x${'AB'.repeat(32)}`), `0x${'ab'.repeat(32)}`);
  refused(hash32Option, ['ab'.repeat(32), `0x${'ab'.repeat(31)}`, `0x${'zz'.repeat(32)}`]);
});

test('durations have a unit', () => {
  assert.deepEqual(['90s', '30m', '2h', '1d'].map(durationOption), [90, 1800, 7200, 86_400]);
  refused(durationOption, ['90', '0s', '-1h', '1.5h', '2w', 'h']);
});

test('digests have 32 bytes, without 0x', () => {
  assert.equal(sha256Option('AB'.repeat(32)), 'ab'.repeat(32));
  refused(sha256Option, [`0x${'ab'.repeat(31)}`, 'ab'.repeat(31), 'zz'.repeat(32), '../x']);
});

test('amounts of memory have a unit', () => {
  const bytes = ['512MiB', '4GiB', '4 GB', '1.5GB', '1TiB'].map(memoryOption);
  assert.deepEqual(bytes, [512 * 2 ** 20, 4 * 2 ** 30, 4e9, 1.5e9, 2 ** 40]);
  refused(memoryOption, ['', '4', '0GiB', '-1GiB', '4gib', '4KB', '1e9GB', 'GiB']);
});
