/**
 * Writes calibration data and sample inputs beside every example's model:
 * `npm run samples -w examples`.
 */
import { mkdir } from 'node:fs/promises';
import { loadIris } from '../datasets/iris-dataset.ts';
import { loadMnist } from '../datasets/mnist-dataset.ts';
import { modelFolder } from '../model-folder.ts';
import { writeIrisSamples } from './iris-samples.ts';
import { writeMnistSamples } from './mnist-samples.ts';

const mnist = await loadMnist();
await writeMnistSamples(await createFolder('mnist-mlp'), mnist);
await writeMnistSamples(await createFolder('mnist-lenet5'), mnist);
await writeIrisSamples(await createFolder('iris-mlp'), loadIris());

async function createFolder(name: string): Promise<string> {
  const folder = modelFolder(name);
  await mkdir(folder, { recursive: true });
  return folder;
}
