import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { denseRowSystem } from '@zkinfer/core/testing';
import { type ProvingKeyFile, readProvingKey } from '../formats/zkey-file.ts';
import { developmentKeyInMemory } from './development-key-in-memory.ts';
import { exportVerificationKey } from './export-verification-key.ts';

let key: ProvingKeyFile;
before(async () => {
  key = await developmentKeyInMemory(denseRowSystem(3, 5, 1n).system);
});

/** The key with a member of its header overwritten. */
function withPoint(member: 'alpha1' | 'beta2', bytes: Uint8Array): ProvingKeyFile {
  const copy = key.bytes.slice();
  copy.set(bytes, key.header[member].byteOffset - key.bytes.byteOffset);
  return readProvingKey(copy);
}

test('behavior: a good key has one point for each signal and one more', () => {
  const { IC, nPublic } = exportVerificationKey(key);
  assert.equal(nPublic, 3);
  assert.equal(IC.length, 4);
});

test('error: alpha or beta that is infinity, off the curve, or not reduced', () => {
  for (const spoiled of [
    withPoint('alpha1', new Uint8Array(64)),
    withPoint('beta2', new Uint8Array(128)),
    withPoint('alpha1', key.header.beta1.slice(0, 32)),
    withPoint('beta2', key.header.gamma2.slice(0, 64)),
    withPoint('alpha1', new Uint8Array(64).fill(0xff)),
  ]) {
    assert.throws(() => exportVerificationKey(spoiled), { code: 'CORE_FORMAT_VALUE' });
  }
});
