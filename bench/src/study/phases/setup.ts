/** A development setup, its key written to a file, in a new process. */
import { type ConstraintSystem, circuitDigest } from '@zkinfer/core';
import type { CaseInputs, ContestantDefinition } from '../../case.ts';
import { keyFilesOf, makeKey } from '../../inputs/proof-inputs.ts';
import { CIRCOMLIB_ML, openCircomlibSystem } from '../circomlib-ml/circomlib-model.ts';
import { phaseCase } from '../phase-case.ts';
import { openStudyCircuit } from '../study-files.ts';

export const benchCase = phaseCase({
  contestants: [
    ourSetup('zkinfer', ({ compiled }) => openStudyCircuit(`${compiled}`)),
    ourSetup(CIRCOMLIB_ML, ({ model }) => openCircomlibSystem(`${model}`)),
  ],
  isCold: true,
});

/** Our setup, of whoever's circuit. */
function ourSetup(
  compiler: string,
  openSystem: (inputs: CaseInputs) => Promise<ConstraintSystem>,
): ContestantDefinition {
  return {
    name: compiler,
    isOurs: compiler === 'zkinfer',
    async open(inputs) {
      const system = await openSystem(inputs);
      const digest = circuitDigest(system);
      return {
        run: () => makeKey(system, keyFilesOf(digest)),
        outcome: () => digest,
        close() {},
      };
    },
  };
}
