import type { ContestCase } from '../case.ts';
import { engineProver } from '../contestants/engine-prover.ts';
import { programProver } from '../contestants/program-prover.ts';
import { snarkjsProver } from '../contestants/snarkjs-prover.ts';
import { benchCase as proveLenet5 } from './prove-lenet5.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'peak memory of a process that loads the key and proves LeNet-5 once',
  notes: [
    'Resident memory at its largest, a fresh process for each sample; node itself is 40–50 MB.',
  ],
  measure: 'memory',
  rows: ['lenet5'],
  usesThirdParty: true,
  contestants: [snarkjsProver('files'), engineProver],
  programContestant: programProver,
  prepare: proveLenet5.prepare,
};
