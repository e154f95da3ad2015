/** The files that go beside an MNIST model: calibration images and single digits to try it with. */
import { join } from 'node:path';
import { writeNpy } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import { encode } from 'fast-png';
import type { Dataset } from '../datasets/labelled-samples.ts';
import { MNIST_PIXELS, MNIST_SIDE } from '../datasets/mnist-dataset.ts';

/** Sample images by file name: the index in MNIST's test part, and the digit that it shows. */
export const MNIST_SAMPLES: Readonly<Record<string, { index: number; digit: number }>> = {
  'digit-7.png': { index: 0, digit: 7 },
  'digit-2.png': { index: 1, digit: 2 },
  'digit-0.png': { index: 3, digit: 0 },
  'digit-4.png': { index: 4, digit: 4 },
};

/** How many training images calibrate the integer network. */
export const MNIST_CALIBRATION_COUNT = 512;

/**
 * Writes `calibration.npy` (the first 512 training images, uint8, [512, 28, 28, 1]),
 * `calibration-labels.npy` and the sample digits (8-bit grey PNG) into an existing folder.
 */
export async function writeMnistSamples(folder: string, { train, test }: Dataset): Promise<void> {
  const count = MNIST_CALIBRATION_COUNT;
  await writeFileAtomically(
    join(folder, 'calibration.npy'),
    writeNpy({
      shape: [count, ...train.shape],
      data: train.values.slice(0, count * MNIST_PIXELS),
    }),
  );
  await writeFileAtomically(
    join(folder, 'calibration-labels.npy'),
    writeNpy({ shape: [count], data: train.labels.slice(0, count) }),
  );
  for (const [name, { index }] of Object.entries(MNIST_SAMPLES)) {
    const pixels = test.values.slice(index * MNIST_PIXELS, (index + 1) * MNIST_PIXELS);
    await writeFileAtomically(join(folder, name), encodeGrey(Uint8Array.from(pixels)));
  }
}

function encodeGrey(pixels: Uint8Array): Uint8Array {
  return encode({ width: MNIST_SIDE, height: MNIST_SIDE, data: pixels, channels: 1, depth: 8 });
}
