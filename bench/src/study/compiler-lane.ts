/** A model's way from its compilation to its proofs, by one compiler. */
import { calculateWitness } from '@zkinfer/circuits';
import type { ConstraintSystem, Witness } from '@zkinfer/core';
import type { CaseInputs } from '../case.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { calculateCircomWitness } from './circomlib-ml/circom-witness.ts';
import {
  CIRCOMLIB_ML,
  loadCircomlibModel,
  openCircomlibSystem,
} from './circomlib-ml/circomlib-model.ts';
import { compiledInputs, openStudyCircuit, studyInference } from './study-files.ts';

/** Lanes of a model run side by side through every phase. */
export interface CompilerLane {
  readonly compiler: string;
  /** What the processes of its phases are given. */
  readonly inputs: CaseInputs;
  /** After compilation. @throws as reading its files does */
  openSystem(): Promise<ConstraintSystem>;
  /** After compilation, for the inference that is proved. */
  calculateWitness(): Promise<Witness>;
}

/** As figures name it. */
export const ZKINFER = 'zkinfer';

export function zkinferLane(model: BenchModel): CompilerLane {
  const inputs = compiledInputs(model);
  return {
    compiler: ZKINFER,
    inputs,
    openSystem: () => openStudyCircuit(inputs.compiled),
    async calculateWitness() {
      const circuit = await openStudyCircuit(inputs.compiled);
      return calculateWitness(circuit, await studyInference(model, circuit)).witness;
    },
  };
}

/** The same model with other rows and another statement, proved by the same provers. */
export function circomlibLane(model: BenchModel): CompilerLane {
  return {
    compiler: CIRCOMLIB_ML,
    inputs: { model: model.name },
    openSystem: () => openCircomlibSystem(model.name),
    async calculateWitness() {
      const { inputs } = await loadCircomlibModel(model);
      return calculateCircomWitness(model.name, inputs);
    },
  };
}
