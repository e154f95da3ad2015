/**
 * Trains an example and writes its model: `npm run train -w examples -- <name>`. After every epoch
 * the model as it stands is saved under `artifacts/training/<name>`; at the end the model goes to
 * `examples/models/<name>`, is loaded again and measured on the test part, which training never
 * sees.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { version_wasm as wasmVersion } from '@tensorflow/tfjs-backend-wasm';
import { writeFileAtomically } from '@zkinfer/core/node';
import { modelFolder } from '../model-folder.ts';
import { evaluateAccuracy } from './evaluate-accuracy.ts';
import { loadLayersModel, saveLayersModel } from './layers-model-files.ts';
import type { Recipe } from './recipe.ts';
import { recipeNamed } from './recipes.ts';
import { foldStandardisation, measureStandardisation, standardise } from './standardisation.ts';
import { startBackend } from './start-backend.ts';
import { trainModel } from './train-model.ts';

await train(recipeNamed(process.argv[2] ?? ''));

async function train(recipe: Recipe): Promise<void> {
  await startBackend();
  const { train: trainPart, test } = await recipe.loadDataset();
  const model = recipe.buildModel(recipe.hyperparameters.seed);
  const scaling = recipe.hyperparameters.standardise
    ? measureStandardisation(trainPart)
    : undefined;
  const samples = scaling === undefined ? trainPart : standardise(trainPart, scaling);
  const checkpoint = await createFolder(checkpointFolder(recipe.name));
  await trainModel(model, samples, recipe.hyperparameters, async ({ epoch, loss, seconds }) => {
    await saveLayersModel(model, checkpoint);
    console.log(
      `${recipe.name} epoch ${epoch}/${recipe.hyperparameters.epochs}: loss ${loss.toFixed(4)}, ` +
        `${Math.round(samples.labels.length / seconds)} samples/s`,
    );
  });
  if (scaling !== undefined) foldStandardisation(model.layers[0]!, scaling);
  const folder = await createFolder(modelFolder(recipe.name));
  await saveLayersModel(model, folder);
  const saved = await loadLayersModel(folder);
  const report = {
    model: recipe.name,
    parameters: saved.countParams(),
    trainSamples: trainPart.labels.length,
    testSamples: test.labels.length,
    trainAccuracy: evaluateAccuracy(saved, trainPart),
    testAccuracy: evaluateAccuracy(saved, test),
    optimizer: 'adam, cosine decay to 0',
    hyperparameters: recipe.hyperparameters,
    libraries: {
      '@tensorflow/tfjs': tf.version.tfjs,
      '@tensorflow/tfjs-backend-wasm': wasmVersion,
    },
  };
  await writeFileAtomically(join(folder, 'training.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${recipe.name}: test accuracy ${(100 * report.testAccuracy).toFixed(2)} %`);
}

function checkpointFolder(name: string): string {
  return join(fileURLToPath(new URL('../../../artifacts/training', import.meta.url)), name);
}

async function createFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}
