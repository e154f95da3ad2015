import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { test } from 'node:test';
import { verifyProof } from '@zkinfer/prover';
import { CONTRACT_FIXTURES } from './contract-fixtures.ts';

for (const { path, make } of CONTRACT_FIXTURES) {
  test(`${basename(path)} is what its script makes; if not: npm run fixtures -w examples`, async () => {
    assert.equal(await readFile(path, 'utf8'), await make());
  });

  test(`the proofs of ${basename(path)} verify, and show nothing else`, async () => {
    const { verificationKey, requests } = JSON.parse(await readFile(path, 'utf8'));
    for (const { proofJson, signals } of requests) {
      const decimals = (signals as string[]).map((word) => BigInt(word).toString());
      assert.deepEqual(verifyProof(verificationKey, decimals, proofJson), { valid: true });
      const other = decimals.with(2, '0');
      assert.deepEqual(verifyProof(verificationKey, other, proofJson), { valid: false });
    }
  });
}
