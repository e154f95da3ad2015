/** A proof, key and witness in memory as far as a prover can keep them. */
import { engineProver } from '../../contestants/engine-prover.ts';
import { programProver } from '../../contestants/program-prover.ts';
import { snarkjsProver } from '../../contestants/snarkjs-prover.ts';
import { phaseCase } from '../phase-case.ts';

export const benchCase = phaseCase({
  contestants: [{ ...engineProver, name: 'wasm' }, snarkjsProver('memory')],
  programContestant: programProver,
  isCold: false,
});
