import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CompiledModel } from '@zkinfer/circuits';
import { DirectoryModelStore } from '../artifacts/directory-model-store.ts';
import { smallNetwork, writeProvableTestModel } from '../testing/small-model.ts';
import { describeModel } from './describe-model.ts';
import { ServedModels } from './served-models.ts';

let directory: string;
let models: DirectoryModelStore;
let first: CompiledModel;
let second: CompiledModel;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zkinfer-served-'));
  await mkdir(directory, { recursive: true });
  models = new DirectoryModelStore({ directory });
  first = await writeProvableTestModel(join(directory, 'first'));
  second = await writeProvableTestModel(join(directory, 'second'), smallNetwork([8, 8, 8, 8]));
});
after(() => rm(directory, { recursive: true, force: true }));

const digestOf = (model: CompiledModel) => model.directory.manifest.modelDigest;

test('behavior: the models of a store are served with their chains, those alone that are allowed', async () => {
  const chains = [
    { chainId: '1', coprocessor: `0x${'1'.repeat(40)}`, modelId: `0x${'2'.repeat(64)}` },
  ];
  const chainsOf = (digest: string) => (digest === digestOf(first) ? chains : []);
  const all = new ServedModels({ models, chainsOf });
  const listed = (await all.list()).map(({ modelDigest }) => modelDigest);
  assert.deepEqual(listed, [digestOf(first), digestOf(second)].sort());
  assert.deepEqual(await all.get(digestOf(first)), await describeModel(first, chains));
  const some = new ServedModels({ models, allowed: [digestOf(second)] });
  assert.deepEqual(await some.list(), [await describeModel(second)]);
  assert.equal(await some.get(digestOf(first)), undefined);
});

test('error: what is not there, or no digest, is not served', async () => {
  const served = new ServedModels({ models });
  for (const digest of ['0'.repeat(64), '..', 'first', '']) {
    assert.equal(await served.get(digest), undefined);
  }
});

test('error: a damaged model is left out of the list, and named when asked for', async () => {
  await appendFile(join(directory, 'second', 'proving_key.zkey'), ' ');
  const warned: object[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (fields: object) => warned.push(fields),
    error() {},
  };
  const served = new ServedModels({ models, logger });
  for (const _ of [1, 2]) assert.deepEqual(await served.list(), [await describeModel(first)]);
  assert.equal(warned.length, 1);
  await assert.rejects(served.get(digestOf(second)), { code: 'CORE_ARTIFACT_TAMPERED' });
});
