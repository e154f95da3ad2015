/** From a model file to a circuit in files, in a new process. */
import { writeCompiledModel } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { compileBenchModel } from '../../models/compile-bench-model.ts';
import { circomSource } from '../circomlib-ml/circom-source.ts';
import {
  CIRCOMLIB_ML,
  circomlibFolder,
  loadCircomlibModel,
} from '../circomlib-ml/circomlib-model.ts';
import { compileCircom } from '../circomlib-ml/compile-circom.ts';
import { phaseCase } from '../phase-case.ts';

const ORIGIN = { zkinfer: 'bench', sourceDigest: '0'.repeat(64) };

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  open({ model, compiled }) {
    let wires = 0;
    return Promise.resolve({
      async run() {
        const circuit = await compileBenchModel(benchModel(`${model}`));
        await writeCompiledModel(`${compiled}`, circuit, ORIGIN);
        wires = circuit.wires;
      },
      outcome: () => String(wires),
      close() {},
    });
  },
};

const circomlib: ContestantDefinition = {
  name: CIRCOMLIB_ML,
  isOurs: false,
  async open({ model }) {
    const { layers } = await loadCircomlibModel(benchModel(`${model}`));
    let peak: number | undefined;
    return {
      async run() {
        peak = await compileCircom(circomSource(layers), circomlibFolder(`${model}`));
      },
      outcome: () => 'compiled',
      programPeakBytes: () => peak,
      close() {},
    };
  },
};

export const benchCase = phaseCase({ contestants: [zkinfer, circomlib], isCold: true });
