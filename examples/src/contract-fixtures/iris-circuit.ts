/** The iris model, compiled, with a key whose secrets anyone can compute: worthless in earnest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Circuit, compileModel, fileModelSource, importTfjs } from '@zkinfer/circuits';
import { domainSizeLog2, readNpy } from '@zkinfer/core';
import { type LoadedProvingKey, provingKeyFromFile } from '@zkinfer/prover';
import { developmentKeyInMemory, seededWaste } from '@zkinfer/prover/testing';
import { modelFolder } from '../model-folder.ts';

const SETUP_SEED = 20_260_101;

/** A circuit and the key to prove for it. */
export interface ProvableCircuit {
  readonly circuit: Circuit;
  readonly key: LoadedProvingKey;
}

/**
 * Compiles the committed model and makes its key from a fixed seed; the same on every machine. Plain
 * JavaScript calibrates: other backends may round sums differently.
 */
export async function irisCircuit(): Promise<ProvableCircuit> {
  const folder = modelFolder('iris-mlp');
  const graph = await importTfjs(fileModelSource(folder));
  const { data } = readNpy(await readFile(join(folder, 'calibration.npy')));
  const { circuit } = await compileModel(graph, [Float32Array.from(data)], {
    backend: 'cpu',
    weightBits: 8,
  });
  const waste = seededWaste(SETUP_SEED, domainSizeLog2(circuit));
  return { circuit, key: provingKeyFromFile(await developmentKeyInMemory(circuit, waste)) };
}
