import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SetupRecord } from './setup-record.ts';
import { decodeSetupRecord, encodeSetupRecord } from './setup-record-file.ts';

const digest = (digit: string) => digit.repeat(64);
const shared = {
  version: 1,
  circuitDigest: digest('a'),
  keySha256: digest('b'),
  keyBytes: 1234,
} as const;
const development: SetupRecord = { ...shared, kind: 'development' };
const ceremony: SetupRecord = {
  ...shared,
  kind: 'ceremony',
  ptauSha256: digest('c'),
  contributions: [
    { name: 'Ada, "first"', hash: digest('d').repeat(2) },
    { name: 'beacon', hash: digest('e').repeat(2), beacon: { value: '00ff', iterationsLog2: 10 } },
  ],
};

for (const setup of [development, ceremony]) {
  test(`behavior: a ${setup.kind} record comes back as it was`, () => {
    const text = encodeSetupRecord(setup);
    assert.deepEqual(decodeSetupRecord(text), setup);
    assert.equal(encodeSetupRecord(decodeSetupRecord(text)), text);
  });
}

test('error: truncated, other keys, other values', () => {
  const text = encodeSetupRecord(ceremony);
  assert.throws(() => decodeSetupRecord(text.slice(0, -3)), { code: 'CORE_JSON_SYNTAX' });
  for (const changed of [
    { ...ceremony, kind: 'production' },
    { ...ceremony, version: 2 },
    { ...ceremony, tau: '1' },
    { ...ceremony, ptauSha256: undefined },
    { ...ceremony, contributions: [{ name: 'Ada' }] },
    { ...ceremony, contributions: [{ name: 'Ada', hash: 'xyz' }] },
    { ...development, contributions: [] },
    { ...development, keySha256: 'abc' },
  ]) {
    assert.throws(() => decodeSetupRecord(JSON.stringify(changed)), { code: 'CORE_JSON_SHAPE' });
  }
});
