/** A model as circomlib-ml proves it: program, inputs, files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConstraintSystem, readR1cs } from '@zkinfer/core';
import type { BenchModel } from '../../models/bench-model.ts';
import { IRIS, MNIST_MLP } from '../../models/trained-models.ts';
import { CACHE } from '../../paths.ts';
import { elementsOf } from '../study-files.ts';
import { type CircomInputs, circomInputs } from './circom-inputs.ts';
import { circomFiles } from './compile-circom.ts';
import { type PerceptronLayer, perceptronOf } from './perceptron.ts';

/** As figures name it. */
export const CIRCOMLIB_ML = 'circomlib-ml';

/** Perceptrons small enough for it. */
export const CIRCOMLIB_MODELS: readonly string[] = [IRIS.name, MNIST_MLP.name];

/** The real that one step of an input stands for, where it is no picture. */
const INPUT_STEP = 2 ** -10;

/** Layers, and the first calibration sample as integers. */
export interface CircomlibModel {
  readonly layers: readonly PerceptronLayer[];
  readonly input: readonly number[];
  readonly inputs: CircomInputs;
}

/** @throws InputError BENCH_NO_PERCEPTRON */
export async function loadCircomlibModel({ load }: BenchModel): Promise<CircomlibModel> {
  const { graph, calibration, image } = await load();
  const step = image?.scale ?? INPUT_STEP;
  const layers = perceptronOf(graph, step);
  const reals = calibration[0]!.subarray(0, elementsOf(graph.inputs[0]!));
  const input = Array.from(reals, (real) => Math.round(real / step));
  return { layers, input, inputs: circomInputs(layers, input) };
}

/** Where its files are. */
export function circomlibFolder(model: string): string {
  return join(CACHE, 'study', `${model}-${CIRCOMLIB_ML}`);
}

/** The compiled rows. @throws InputError CORE_FORMAT_* */
export async function openCircomlibSystem(model: string): Promise<ConstraintSystem> {
  return readR1cs(await readFile(circomFiles(circomlibFolder(model)).r1cs));
}
