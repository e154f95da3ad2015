/** A process that reads the key from disk, checks what its prover checks, and proves once. */
import type { ContestantDefinition } from '../../case.ts';
import { engineProver } from '../../contestants/engine-prover.ts';
import { programProver } from '../../contestants/program-prover.ts';
import { snarkjsProver } from '../../contestants/snarkjs-prover.ts';
import { openedInRun } from '../opened-in-run.ts';
import { phaseCase } from '../phase-case.ts';

const wasm: ContestantDefinition = { ...engineProver, name: 'wasm' };

export const benchCase = phaseCase({
  contestants: [openedInRun(wasm), openedInRun(snarkjsProver('files'))],
  programContestant: programProver,
  isCold: true,
});
