import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ModelDescriptionSchema, readSchema } from '@zkinfer/core/service';
import { writeProvableTestModel, writeTestModel } from '../testing/small-model.ts';
import { describeModel } from './describe-model.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-describe-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('behavior: a model with keys is described as the schema says, without weights', async () => {
  const model = await writeProvableTestModel(join(folder, 'with-key'));
  const chain = {
    chainId: '31337',
    coprocessor: `0x${'12'.repeat(20)}`,
    modelId: `0x${'34'.repeat(32)}`,
  };
  const described = await describeModel(model, [chain]);
  readSchema(ModelDescriptionSchema, JSON.parse(JSON.stringify(described)), 'a description');
  const { verificationKey, keyBytes, rows, wires, ...rest } = described;
  assert.deepEqual(rest, {
    modelDigest: model.directory.manifest.modelDigest,
    circuitDigest: model.directory.manifest.circuitDigest,
    name: 'small',
    inputs: [{ name: 'x', shape: [2], scale: 0.5, lo: 0, bits: 8 }],
    outputs: [
      {
        name: 'scores',
        shape: [2],
        scale: 0.25,
        lo: '-516',
        bits: 11,
        meaning: 'logits',
        softmax: true,
        labels: ['left', 'right'],
      },
    ],
    hasCeremony: false,
    chains: [chain],
  });
  assert.equal(verificationKey.protocol, 'groth16');
  assert.equal(keyBytes, model.summary.provingKeyBytes);
  assert.deepEqual([rows, wires], [model.summary.rows, model.summary.wires]);
});

test('error: a model without keys cannot be served', async () => {
  const model = await writeTestModel(join(folder, 'without-key'));
  await assert.rejects(describeModel(model), { code: 'PROVER_NO_KEY' });
});
