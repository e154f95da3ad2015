import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { announceSeed } from '../testing/announce-seed.ts';
import { incrementalSha256, sha256Hex } from './sha256.ts';

const random = seededRandom(announceSeed());

test('gives the digest of FIPS 180-4 for "abc"', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.equal(sha256Hex('abc'), expected);
  assert.equal(incrementalSha256().update('a').update('bc').hex(), expected);
});

test('agrees with node:crypto however the bytes are split', () => {
  for (let i = 0; i < 30; i++) {
    const bytes = random.bytes(random.int(0, 500));
    const cut = random.int(0, bytes.length);
    const expected = createHash('sha256').update(bytes).digest('hex');
    const parts = incrementalSha256().update(bytes.subarray(0, cut)).update(bytes.subarray(cut));
    assert.equal(sha256Hex(bytes), expected);
    assert.equal(parts.hex(), expected);
  }
});

test('texts are digested as UTF-8', () => {
  assert.equal(sha256Hex('é'), sha256Hex(Uint8Array.of(0xc3, 0xa9)));
});
