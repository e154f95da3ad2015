/** Where the files of a study's models are, as its processes hand them on. */
import { join } from 'node:path';
import { type Circuit, circuitOf, openCompiledModel, quantizeInputs } from '@zkinfer/circuits';
import { OPEN_SALT, UNBOUND } from '@zkinfer/core';
import type { BenchModel } from '../models/bench-model.ts';
import { CACHE } from '../paths.ts';

/** What all of a model's phases are given. */
export interface CompiledInputs {
  readonly [key: string]: string;
  readonly model: string;
  /** The compiled directory. */
  readonly compiled: string;
}

export function compiledInputs({ name }: BenchModel): CompiledInputs {
  return { model: name, compiled: join(CACHE, 'study', name) };
}

/** The circuit of a compiled model. @throws as `openCompiledModel` */
export async function openStudyCircuit(compiled: string): Promise<Circuit> {
  return circuitOf(await openCompiledModel(compiled));
}

/** The inference that all provers prove: the first calibration sample, salt and binder 0. */
export async function studyInference({ load }: BenchModel, { network }: Circuit) {
  const { calibration } = await load();
  const first = calibration.map((reals, i) => reals.subarray(0, elementsOf(network.inputs[i]!)));
  const { integers } = quantizeInputs(network, first);
  return { inputs: integers, inputSalt: OPEN_SALT, binder: UNBOUND };
}

/** Elements of one sample. */
export function elementsOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
