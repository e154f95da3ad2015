/** The LeNet-5 of the examples: compiled into the cache, with the witness of a real digit. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Circuit,
  calculateWitness,
  circuitOf,
  compileModel,
  fileModelSource,
  importTfjs,
  type Network,
  openCompiledModel,
  quantizeInputs,
  writeCompiledModel,
} from '@zkinfer/circuits';
import { OPEN_SALT, type Progress, readNpy, UNBOUND, type Witness } from '@zkinfer/core';
import { CACHE, ROOT } from '../paths.ts';

/** Pictures of the data set are bytes; the model takes shares of white. */
const IMAGE = { scale: 1 / 255, offset: 0 };

/** Fixed, so that the circuit is the same whatever the search for bits finds. */
const BITS = { weightBits: 8, activationBits: 8 } as const;

const MODEL = join(ROOT, 'examples', 'models', 'mnist-lenet5');
const COMPILED = join(CACHE, 'mnist-lenet5');

/** Compiles the model; returns the folder, for `openLenet5`. */
export async function compileLenet5(progress: Progress): Promise<string> {
  const pictures = await calibrationPictures();
  const graph = await importTfjs(fileModelSource(MODEL));
  const options = { ...BITS, image: IMAGE, progress };
  const { circuit } = await compileModel(graph, [realsOf(pictures)], options);
  const origin = { zkinfer: 'bench', sourceDigest: '0'.repeat(64) };
  await writeCompiledModel(COMPILED, circuit, origin);
  return COMPILED;
}

/** The compiled circuit. @throws as `openCompiledModel` */
export async function openLenet5(folder: string): Promise<Circuit> {
  return circuitOf(await openCompiledModel(folder));
}

/** The witness of the first picture of the calibration data; salt and binder are 0. */
export async function lenet5Witness(circuit: Circuit): Promise<Witness> {
  const pictures = await calibrationPictures();
  const first = pictures.subarray(0, pixelsOf(circuit.network));
  const { integers } = quantizeInputs(circuit.network, [realsOf(first)]);
  return calculateWitness(circuit, { inputs: integers, inputSalt: OPEN_SALT, binder: UNBOUND })
    .witness;
}

function pixelsOf({ inputs }: Network): number {
  return inputs[0]!.shape.reduce((count, extent) => count * extent, 1);
}

async function calibrationPictures(): Promise<Uint8Array> {
  const { data } = readNpy(await readFile(join(MODEL, 'calibration.npy')));
  return Uint8Array.from(data);
}

function realsOf(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (byte) => byte * IMAGE.scale + IMAGE.offset);
}
