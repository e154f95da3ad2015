import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  compileModel,
  fileModelSource,
  importTfjs,
  interpret,
  type Network,
  openTensorInference,
  quantizeInputs,
} from '@zkinfer/circuits';
import { readNpy } from '@zkinfer/core';
import { modelFolder } from './model-folder.ts';

const SAMPLES = 20;
const BITS = { weightBits: 8, activationBits: 8 } as const;

/** The committed models, quantised, and the samples as integers. */
async function quantised(name: string, scale: number) {
  const folder = modelFolder(name);
  const graph = await importTfjs(fileModelSource(folder));
  const { data, shape } = readNpy(await readFile(join(folder, 'calibration.npy')));
  const size = data.length / shape[0]!;
  const reals = Float32Array.from(data.subarray(0, SAMPLES * size), (value) => value * scale);
  const { circuit } = await compileModel(graph, [reals], BITS);
  const inputs = Array.from({ length: SAMPLES }, (_, i) => {
    const sample = reals.subarray(i * size, (i + 1) * size);
    return quantizeInputs(circuit.network, [sample]).integers;
  });
  return { network: circuit.network, inputs };
}

const onTensors = (network: Network, backend: 'wasm' | 'cpu') =>
  openTensorInference(network, { backend, minProducts: 1, checkEvery: 0 });

for (const [name, scale, layers] of [
  ['iris-mlp', 1, 3],
  ['mnist-mlp', 1 / 255, 2],
  ['mnist-lenet5', 1 / 255, 5],
] as const) {
  test(`${name} runs on tensors as the interpreter runs it, bit for bit`, async () => {
    const { network, inputs } = await quantised(name, scale);
    for (const backend of ['wasm', 'cpu'] as const) {
      const { inference, refused } = await onTensors(network, backend);
      assert.equal(refused, undefined);
      const planned = inference!.plan.filter(({ runsOn }) => runsOn === 'tensors');
      assert.equal(planned.length, layers);
      for (const sample of inputs) {
        const { tensors, backend: computedBy } = await inference!.run(sample);
        assert.equal(computedBy, `tfjs-${backend}`);
        assert.deepEqual(tensors, interpret(network, sample));
      }
      await inference!.close();
    }
  });
}
