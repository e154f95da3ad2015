/**
 * The files that go beside the iris model: calibration and test flowers, and one flower a species.
 */
import { join } from 'node:path';
import { writeNpy } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';
import { IRIS_CLASSES } from '../datasets/iris-dataset.ts';
import type { Dataset, LabelledSamples } from '../datasets/labelled-samples.ts';
import { sampleSize } from '../training/batches.ts';

/**
 * Writes `calibration.npy` (the training part, float32 centimetres, [120, 4]), `test.npy` ([30,
 * 4]), the labels of both (uint8), and `<species>.json` with the first flower of each species in
 * the test part, into an existing folder.
 */
export async function writeIrisSamples(folder: string, { train, test }: Dataset): Promise<void> {
  await writeArrays(folder, 'calibration', train);
  await writeArrays(folder, 'test', test);
  for (const [label, species] of IRIS_CLASSES.entries()) {
    const values = centimetres(test, test.labels.indexOf(label));
    await writeFileAtomically(join(folder, `${species}.json`), `[${values.join(', ')}]\n`);
  }
}

async function writeArrays(folder: string, name: string, samples: LabelledSamples): Promise<void> {
  const count = samples.labels.length;
  await writeFileAtomically(
    join(folder, `${name}.npy`),
    writeNpy({ shape: [count, ...samples.shape], data: samples.values }),
  );
  await writeFileAtomically(
    join(folder, `${name}-labels.npy`),
    writeNpy({ shape: [count], data: samples.labels }),
  );
}

/** The lengths as Fisher printed them, to a millimetre, without what float32 adds. */
function centimetres(samples: LabelledSamples, index: number): number[] {
  const size = sampleSize(samples);
  const values = Array.from(samples.values.slice(index * size, (index + 1) * size));
  return values.map((value) => Number(value.toFixed(1)));
}
