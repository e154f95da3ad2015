/** From a model file to a circuit in files, in a new process. */
import { compileModel, writeCompiledModel } from '@zkinfer/circuits';
import type { ContestantDefinition } from '../../case.ts';
import { benchModel } from '../../models/bench-models.ts';
import { circomSource } from '../circomlib-ml/circom-source.ts';
import {
  CIRCOMLIB_ML,
  circomlibFolder,
  loadCircomlibModel,
} from '../circomlib-ml/circomlib-model.ts';
import { compileCircom } from '../circomlib-ml/compile-circom.ts';
import { phaseCase } from '../phase-case.ts';

/** Fixed, so that the circuit is the same whatever the search for bits finds. */
const BITS = { weightBits: 8, activationBits: 8 } as const;

const ORIGIN = { zkinfer: 'bench', sourceDigest: '0'.repeat(64) };

const zkinfer: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  open({ model, compiled }) {
    const { load } = benchModel(`${model}`);
    let rows = 0;
    return Promise.resolve({
      async run() {
        const { graph, calibration, image } = await load();
        const options = { ...BITS, ...(image === undefined ? {} : { image }) };
        const { circuit } = await compileModel(graph, calibration, options);
        await writeCompiledModel(`${compiled}`, circuit, ORIGIN);
        rows = circuit.wires;
      },
      outcome: () => String(rows),
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
