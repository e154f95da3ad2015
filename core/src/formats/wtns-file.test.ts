import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '../field.ts';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { Witness } from '../witness.ts';
import { readWtns, writeWtns } from './wtns-file.ts';

const random = seededRandom(announceSeed());
const witness = new Witness(4);
[1n, random.bigint(SCALAR_FIELD_ORDER), SCALAR_FIELD_ORDER - 1n, 0n].forEach((value, wire) => {
  witness.set(wire, value);
});
const good = writeWtns(witness);
/** 12 container, 12 section, 40 header, 12 section. */
const FIRST_VALUE = 76;

function changed(at: number, value: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

test('behavior: a witness comes back as it was, in memory of its own', () => {
  const read = readWtns(good);
  assert.deepEqual(read.bytes, witness.bytes);
  read.set(1, 5);
  assert.deepEqual(readWtns(good).bytes, witness.bytes);
});

test('error: truncated anywhere, and longer', () => {
  for (let length = 0; length < good.length; length++) {
    assert.throws(() => readWtns(good.subarray(0, length)), { code: 'CORE_FORMAT_TRUNCATED' });
  }
  assert.throws(() => readWtns(Uint8Array.of(...good, 0)), { code: 'CORE_FORMAT_OVERSIZED' });
});

test('error: foreign magic, version, field', () => {
  for (const bytes of [changed(0, 0), changed(4, 3), changed(24, 31), changed(28, 7)]) {
    assert.throws(() => readWtns(bytes), { code: 'CORE_FORMAT_FOREIGN' });
  }
});

test('error: a count that contradicts the length', () => {
  for (const count of [3, 5, 0xffffffff]) {
    assert.throws(() => readWtns(changed(60, count)), { code: 'CORE_FORMAT_COUNT' });
  }
});

test('error: a value of r or more, and a first value other than 1', () => {
  const beyond = good.slice();
  beyond.set(good.subarray(28, 60), FIRST_VALUE + 32);
  assert.throws(() => readWtns(beyond), { code: 'CORE_FORMAT_VALUE' });
  assert.throws(() => readWtns(changed(FIRST_VALUE, 0)), { code: 'CORE_FORMAT_VALUE' });
});
