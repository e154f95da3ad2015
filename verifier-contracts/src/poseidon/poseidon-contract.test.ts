import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalJson } from '@zkinfer/core';
import { poseidonContract, poseidonContractName } from './poseidon-contract.ts';
import { poseidonVectorFile } from './poseidon-vectors.ts';

const ROOT = new URL('../../', import.meta.url);

for (const inputs of [2, 3, 4, 5]) {
  const path = `contracts/poseidon/${poseidonContractName(inputs)}.sol`;

  test(`${path} is what the generator writes (npm run gen -w verifier-contracts)`, () => {
    assert.equal(readFileSync(new URL(path, ROOT), 'utf8'), poseidonContract(inputs));
  });
}

test('the committed vectors are those that core gives (npm run gen -w verifier-contracts)', () => {
  const committed = readFileSync(new URL('test/fixtures/poseidon.vectors.json', ROOT), 'utf8');
  assert.equal(committed, canonicalJson(poseidonVectorFile([2, 3, 4, 5])));
});
