import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadLayersModel, saveLayersModel } from './layers-model-files.ts';
import { mnistLenet5 } from './mnist-lenet5.ts';
import { startBackend } from './start-backend.ts';

describe('saved Layers models', () => {
  let folder: string;
  before(async () => {
    await startBackend();
    folder = await mkdtemp(join(tmpdir(), 'zkinfer-layers-'));
    await saveLayersModel(mnistLenet5.buildModel(3), folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('are model.json and weights.bin, nothing else', async () => {
    assert.deepEqual((await readdir(folder)).sort(), ['model.json', 'weights.bin']);
  });

  it('load with the same weights and outputs', async () => {
    const model = mnistLenet5.buildModel(3);
    const loaded = await loadLayersModel(folder);
    const input = tf.randomUniform([2, 28, 28, 1], 0, 1, 'float32', 5);
    const expected = (model.predict(input) as tf.Tensor).dataSync();
    assert.deepEqual((loaded.predict(input) as tf.Tensor).dataSync(), expected);
  });

  it('are the same bytes for the same seed, others for another', async () => {
    const other = await mkdtemp(join(tmpdir(), 'zkinfer-layers-'));
    const weights = await readFile(join(folder, 'weights.bin'));
    await saveLayersModel(mnistLenet5.buildModel(3), other);
    assert.deepEqual(await readFile(join(other, 'weights.bin')), weights);
    await saveLayersModel(mnistLenet5.buildModel(4), other);
    assert.notDeepEqual(await readFile(join(other, 'weights.bin')), weights);
    await rm(other, { recursive: true });
  });

  it('are refused when weights.bin is truncated', async () => {
    const path = join(folder, 'weights.bin');
    const weights = await readFile(path);
    await writeFile(path, weights.subarray(0, weights.length - 4));
    await assert.rejects(loadLayersModel(folder), { code: 'EXAMPLES_WEIGHTS_SIZE' });
    await writeFile(path, weights);
    await assert.doesNotReject(loadLayersModel(folder));
  });
});
