/** The witness, from integers: the network run, and every wire set. */
import { calculateWitness } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { operationsFor } from '../../operations-for.ts';
import { openCircomCalculator } from '../circomlib-ml/circom-witness.ts';
import { CIRCOMLIB_ML, loadCircomlibModel } from '../circomlib-ml/circomlib-model.ts';
import { phaseCase } from '../phase-case.ts';
import { openStudyCircuit, studyInference } from '../study-files.ts';

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ model, compiled }) {
    const circuit = await openStudyCircuit(`${compiled}`);
    const inference = await studyInference(benchModel(`${model}`), circuit);
    return witnesses(() => calculateWitness(circuit, inference));
  },
};

/** Its calculator is kept, as a service would. */
const circomlib: ContestantDefinition = {
  name: CIRCOMLIB_ML,
  isOurs: false,
  async open({ model }) {
    const { inputs } = await loadCircomlibModel(benchModel(`${model}`));
    const calculate = await openCircomCalculator(`${model}`);
    return witnesses(() => calculate(inputs));
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer, circomlib], isCold: false });

async function witnesses(calculate: () => unknown) {
  const operations = await operationsFor(calculate);
  return {
    operations,
    async run() {
      for (let i = 0; i < operations; i++) await calculate();
    },
    outcome: () => 'calculated',
    close() {},
  };
}
