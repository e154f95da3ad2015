/** The witness, from integers: interpreter and every wire. */
import { calculateWitness } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { phaseCase } from '../phase-case.ts';
import { openStudyCircuit, studyInference } from '../study-files.ts';

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ model, compiled }) {
    const circuit = await openStudyCircuit(`${compiled}`);
    const inference = await studyInference(benchModel(`${model}`), circuit);
    let signals = '';
    return {
      run() {
        signals = calculateWitness(circuit, inference).publicSignals.join(', ');
      },
      outcome: () => signals,
      close() {},
    };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer], isCold: false });
