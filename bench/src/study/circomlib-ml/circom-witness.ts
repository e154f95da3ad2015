/** Witnesses by the calculators that circom writes. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readWtns, type Witness } from '@zkinfer/core';
import type { CircomInputs } from './circom-inputs.ts';
import { circomlibFolder } from './circomlib-model.ts';
import { circomFiles } from './compile-circom.ts';

/** What is used of `witness_calculator.js`. */
interface CircomCalculator {
  /** @returns the bytes of a .wtns file */
  calculateWTNSBin(inputs: CircomInputs, sanityCheck: 0 | 1): Promise<Uint8Array>;
}

type OpenCalculator = (wasm: Buffer) => Promise<CircomCalculator>;

/** The calculator of a model that was compiled, ready for many inputs. @throws as it does */
export async function openCircomCalculator(
  model: string,
): Promise<(inputs: CircomInputs) => Promise<Uint8Array>> {
  const { wasm, calculator } = circomFiles(circomlibFolder(model));
  const open = createRequire(import.meta.url)(calculator) as OpenCalculator;
  const opened = await open(await readFile(wasm));
  return (inputs) => opened.calculateWTNSBin(inputs, 0);
}

/** One witness. @throws as the calculator does */
export async function calculateCircomWitness(
  model: string,
  inputs: CircomInputs,
): Promise<Witness> {
  const calculate = await openCircomCalculator(model);
  return readWtns(await calculate(inputs));
}
