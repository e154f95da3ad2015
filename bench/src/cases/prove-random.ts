import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { seededRandom, squareChainSystem } from '@zkinfer/core/testing';
import type { ContestCase } from '../case.ts';
import { engineProver } from '../contestants/engine-prover.ts';
import { programProver } from '../contestants/program-prover.ts';
import { snarkjsProver } from '../contestants/snarkjs-prover.ts';
import { writeProofFiles } from '../inputs/proof-inputs.ts';

const SEED = 1;

/** Fills the domain of 2^16 with the row of the public signal and that of the constant. */
const ROWS = 2 ** 16 - 2;

export const benchCase: ContestCase = {
  kind: 'contest',
  title: 'a proof of 2^16 rows whose wires are all of full size, warm key',
  notes: [
    'A chain of squares from a random number: no wire is small, unlike in quantised networks.',
    'Key and witness are in memory; programs given by --with start anew and read them from files.',
  ],
  measure: 'time',
  rows: ['2^16'],
  usesThirdParty: true,
  contestants: [snarkjsProver('memory'), engineProver],
  programContestant: programProver,
  async prepare(progress) {
    const start = seededRandom(SEED).bigint(SCALAR_FIELD_ORDER);
    const { system, witness } = squareChainSystem(ROWS, start);
    return writeProofFiles(system, witness, progress);
  },
};
