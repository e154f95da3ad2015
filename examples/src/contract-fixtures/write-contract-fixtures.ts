/** `npm run fixtures`: writes the real proofs that the contracts are tested with. */
import { writeFileAtomically } from '@zkinfer/core/node';
import { CONTRACT_FIXTURES } from './contract-fixtures.ts';

for (const { path, make } of CONTRACT_FIXTURES) await writeFileAtomically(path, await make());
