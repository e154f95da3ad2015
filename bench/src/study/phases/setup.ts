/** A development setup, its key written to a file, in a new process. */
import { circuitDigest } from '@zkinfer/core';
import type { ContestantDefinition } from '../../case.ts';
import { keyFilesOf, makeKey } from '../../inputs/proof-inputs.ts';
import { phaseCase } from '../phase-case.ts';
import { openStudyCircuit } from '../study-files.ts';

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ compiled }) {
    const circuit = await openStudyCircuit(`${compiled}`);
    const digest = circuitDigest(circuit);
    return {
      run: () => makeKey(circuit, keyFilesOf(digest)),
      outcome: () => digest,
      close() {},
    };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer], isCold: true });
