/** The witness, from integers: the network run, and every wire set. */
import { calculateWitness } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { calculateCircomWitness } from '../circomlib-ml/circom-witness.ts';
import { CIRCOMLIB_ML, loadCircomlibModel } from '../circomlib-ml/circomlib-model.ts';
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

const circomlib: ContestantDefinition = {
  name: CIRCOMLIB_ML,
  isOurs: false,
  async open({ model }) {
    const { inputs } = await loadCircomlibModel(benchModel(`${model}`));
    return {
      async run() {
        await calculateCircomWitness(`${model}`, inputs);
      },
      outcome: () => 'calculated',
      close() {},
    };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer, circomlib], isCold: false });
