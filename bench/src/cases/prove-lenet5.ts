import type { ContestCase } from '../case.ts';
import { engineProver } from '../contestants/engine-prover.ts';
import { programProver } from '../contestants/program-prover.ts';
import { snarkjsProver } from '../contestants/snarkjs-prover.ts';
import { compileLenet5, lenet5Witness, openLenet5 } from '../inputs/lenet5.ts';
import { writeProofFiles } from '../inputs/proof-inputs.ts';

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'a proof of the LeNet-5 of the examples, warm key',
  notes: [
    'Key and witness are in memory; programs given by --with start anew and read them from files.',
    'Proofs are verified, outside the time.',
  ],
  measure: 'time',
  rows: ['lenet5'],
  usesThirdParty: true,
  contestants: [snarkjsProver('memory'), engineProver],
  programContestant: programProver,
  async prepare(progress) {
    const circuit = await openLenet5(await compileLenet5(progress));
    return writeProofFiles(circuit, await lenet5Witness(circuit), progress);
  },
};
