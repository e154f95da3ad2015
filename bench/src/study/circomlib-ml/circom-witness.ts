import { readWtns, type Witness } from '@zkinfer/core';
import { loadSnarkjs } from '../../snarkjs.ts';
import type { CircomInputs } from './circom-inputs.ts';
import { circomlibFolder } from './circomlib-model.ts';
import { circomFiles } from './compile-circom.ts';

/** The witness by circom's own calculator. @throws as snarkjs does */
export async function calculateCircomWitness(
  model: string,
  inputs: CircomInputs,
): Promise<Witness> {
  const { wasm } = circomFiles(circomlibFolder(model));
  const file: { type: 'mem'; data?: Uint8Array } = { type: 'mem' };
  await loadSnarkjs().wtns.calculate(inputs, wasm, file);
  return readWtns(file.data!);
}
