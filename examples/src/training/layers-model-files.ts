/**
 * Saves and loads TF.js Layers models as plain files: `model.json` with topology and weight
 * manifest, `weights.bin` with all weights as little-endian float32.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '@zkinfer/core';
import { writeFileAtomically } from '@zkinfer/core/node';

const TOPOLOGY_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** Writes both files into an existing folder; each appears whole or not at all. */
export async function saveLayersModel(model: tf.LayersModel, folder: string): Promise<void> {
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const weights = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
      await writeFileAtomically(join(folder, WEIGHTS_FILE), new Uint8Array(weights));
      await writeFileAtomically(join(folder, TOPOLOGY_FILE), topologyJson(artifacts));
      return {
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
      };
    }),
  );
}

/**
 * Loads what `saveLayersModel` wrote.
 * @throws InputError `EXAMPLES_WEIGHTS_SIZE` if `weights.bin` is not as long as the manifest says.
 */
export async function loadLayersModel(folder: string): Promise<tf.LayersModel> {
  const json = JSON.parse(await readFile(join(folder, TOPOLOGY_FILE), 'utf8')) as tf.io.ModelJSON;
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const weights = await readFile(join(folder, WEIGHTS_FILE));
  requireLength(weights.length, specs);
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: specs,
      weightData: Uint8Array.from(weights).buffer,
    }),
  );
}

function topologyJson(artifacts: tf.io.ModelArtifacts): string {
  const json = {
    format: 'layers-model',
    generatedBy: artifacts.generatedBy,
    convertedBy: null,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: artifacts.weightSpecs }],
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function requireLength(got: number, specs: tf.io.WeightsManifestEntry[]): void {
  const elements = specs.map((spec) => spec.shape.reduce((product, size) => product * size, 1));
  const expected = 4 * elements.reduce((sum, count) => sum + count, 0);
  if (got === expected) return;
  throw new InputError({
    code: 'EXAMPLES_WEIGHTS_SIZE',
    what: `${WEIGHTS_FILE} does not belong to ${TOPOLOGY_FILE}`,
    got: `${got} bytes`,
    expected: `${expected} bytes`,
  });
}
