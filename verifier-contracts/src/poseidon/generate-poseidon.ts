/** Writes the Poseidon contracts and their vectors; run by `npm run gen -w verifier-contracts`. */
import { writeFileSync } from 'node:fs';
import { canonicalJson } from '@zkinfer/core';
import { poseidonContract, poseidonContractName } from './poseidon-contract.ts';
import { poseidonVectorFile } from './poseidon-vectors.ts';

const CONTRACTS = new URL('../../contracts/poseidon/', import.meta.url);
const FIXTURES = new URL('../../test/fixtures/', import.meta.url);
/** From an output's salt (2) to the commitment of three words (5). */
const INPUT_COUNTS = [2, 3, 4, 5];

for (const inputs of INPUT_COUNTS) {
  const target = new URL(`${poseidonContractName(inputs)}.sol`, CONTRACTS);
  writeFileSync(target, poseidonContract(inputs));
}
writeFileSync(
  new URL('poseidon.vectors.json', FIXTURES),
  canonicalJson(poseidonVectorFile(INPUT_COUNTS)),
);
