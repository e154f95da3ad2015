/** What every model store must do, run on both. */
import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CompiledModel } from '@zkinfer/circuits';
import { SETUP_FILES } from '@zkinfer/core';
import { loadStoredKey } from '@zkinfer/prover';
import { startArtifactService } from '../testing/artifact-service.ts';
import { smallNetwork, writeProvableTestModel, writeTestModel } from '../testing/small-model.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';
import { DirectoryModelStore } from './directory-model-store.ts';
import { HttpModelStore } from './http-model-store.ts';
import { MODEL_FILES } from './model-files.ts';
import type { ModelStore } from './model-store.ts';

const root = await mkdtemp(join(tmpdir(), 'zkinfer-models-'));
const folder = join(root, 'models');
await mkdir(folder);
const [first, second] = [
  await writeProvableTestModel(join(folder, 'first')),
  await writeProvableTestModel(join(folder, 'second'), smallNetwork([7, 7, 7, 7])),
];
const digestOf = ({ directory }: CompiledModel) => directory.manifest.modelDigest;
const models = new Map([first, second].map((model) => [digestOf(model), model.directory.path]));
const blobs = new DirectoryBlobStore(join(root, 'blobs'));
const service = await startArtifactService({ apiKey: 'key', blobs, models });
after(async () => {
  await service.close();
  await rm(root, { recursive: true, force: true });
});

let caches = 0;
const { baseUrl } = service;
/** A store, and where its files of a model lie. */
type Subject = () => { store: ModelStore; pathOf(modelDigest: string): string };
const subjects: readonly [string, Subject][] = [
  [
    'directory',
    () => ({
      store: new DirectoryModelStore({ directory: folder }),
      pathOf: (digest) => models.get(digest)!,
    }),
  ],
  [
    'http',
    () => {
      const cacheDirectory = join(root, `cache-${caches++}`);
      return {
        store: new HttpModelStore({ baseUrl, apiKey: 'key', cacheDirectory }),
        pathOf: (digest) => join(cacheDirectory, digest),
      };
    },
  ],
];

for (const [name, subject] of subjects) {
  test(`behavior: ${name}: models are listed and opened by digest, ready to prove`, async () => {
    const { store } = subject();
    assert.deepEqual(await store.list(), [...models.keys()].sort());
    for (const original of [first, second]) {
      const model = await store.open(digestOf(original));
      assert.equal(digestOf(model), digestOf(original));
      assert.deepEqual(model.summary, original.summary);
      const key = await loadStoredKey(model.directory);
      assert.equal(key.verificationKey.nPublic, 3);
    }
  });

  test(`behavior: ${name}: what has not changed is not verified again`, async () => {
    const { store } = subject();
    const [one, other] = await Promise.all([
      store.open(digestOf(first)),
      store.open(digestOf(first)),
    ]);
    assert.equal(one, other);
    assert.equal(await store.open(digestOf(first)), one);
  });

  test(`error: ${name}: a digest of nothing is unknown`, async () => {
    await assert.rejects(subject().store.open('0'.repeat(64)), { code: 'QUEUE_MODEL_UNKNOWN' });
  });

  test(`error: ${name}: what is no digest never becomes a path or an address`, async () => {
    const { store } = subject();
    const asked = service.requests.length;
    const names = ['first', '..', '../../etc', `${'0'.repeat(62)}/.`, 'A'.repeat(64), '', '%2e%2e'];
    for (const modelDigest of names) {
      await assert.rejects(store.open(modelDigest), { code: 'QUEUE_MODEL_DIGEST' });
    }
    assert.equal(service.requests.length, asked);
  });

  test(`error: ${name}: a wait ends with the signal, others go on waiting`, async () => {
    const { store } = subject();
    const reason = new Error('enough');
    const controller = new AbortController();
    const aborted = store.open(digestOf(first), { signal: controller.signal });
    const other = store.open(digestOf(first));
    controller.abort(reason);
    await assert.rejects(aborted, reason);
    assert.equal(digestOf(await other), digestOf(first));
  });
}

for (const file of MODEL_FILES) {
  test(`error: directory: ${file} altered after it was opened is noticed`, async () => {
    const directory = join(root, `altered-${file}`);
    await cp(folder, directory, { recursive: true });
    const store = new DirectoryModelStore({ directory });
    await store.open(digestOf(first));
    await appendFile(join(directory, 'first', file), ' ');
    await assert.rejects(store.open(digestOf(first)), { code: 'CORE_ARTIFACT_TAMPERED' });
    await rm(join(directory, 'first', file));
    await assert.rejects(store.open(digestOf(first)), { code: 'QUEUE_MODEL_DAMAGED' });
    await cp(join(folder, 'first', file), join(directory, 'first', file));
    await store.open(digestOf(first));
  });

  test(`behavior: http: ${file} damaged in the cache is got again`, async () => {
    const [, subject] = subjects[1]!;
    const { store, pathOf } = subject();
    const model = await store.open(digestOf(first));
    await appendFile(join(pathOf(digestOf(first)), file), ' ');
    const again = await store.open(digestOf(first));
    assert.notEqual(again, model);
    await loadStoredKey(again.directory);
  });
}

test('behavior: a folder holds anything; directories without keys or without a manifest are passed over', async () => {
  const directory = join(root, 'mixed');
  await cp(join(folder, 'first'), join(directory, 'first'), { recursive: true });
  await writeTestModel(join(directory, 'no-keys'), smallNetwork([1, 1, 1, 1]));
  await mkdir(join(directory, 'empty'));
  await writeFile(join(directory, 'a-file'), 'x');
  await mkdir(join(directory, 'damaged'));
  await writeFile(join(directory, 'damaged', 'manifest.json'), '{');
  const warned: unknown[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (fields: object) => warned.push(fields),
    error() {},
  };
  const store = new DirectoryModelStore({ directory, logger });
  for (const _ of [1, 2]) assert.deepEqual(await store.list(), [digestOf(first)]);
  assert.equal(warned.length, 1);
  await rename(join(directory, 'first'), join(directory, 'other-name'));
  await store.open(digestOf(first));
  await rm(join(directory, 'other-name'), { recursive: true });
  await assert.rejects(store.open(digestOf(first)), { code: 'QUEUE_MODEL_UNKNOWN' });
});

test('error: one model with two keys is refused, a copy is not', async () => {
  const directory = join(root, 'two-keys');
  await cp(join(folder, 'first'), join(directory, 'a'), { recursive: true });
  await cp(join(folder, 'first'), join(directory, 'b'), { recursive: true });
  const store = new DirectoryModelStore({ directory });
  await store.open(digestOf(first));
  await writeProvableTestModel(join(directory, 'c'));
  await assert.rejects(store.open(digestOf(first)), { code: 'QUEUE_MODEL_AMBIGUOUS' });
});

test('error: a folder that is not there is the machine’s fault', async () => {
  const store = new DirectoryModelStore({ directory: join(root, 'nowhere') });
  await assert.rejects(store.list(), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  await assert.rejects(store.open(digestOf(first)), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
});

test('error: a directory mixed from two models is refused', async () => {
  const directory = join(root, 'swapped');
  await cp(folder, directory, { recursive: true });
  const key = SETUP_FILES.provingKey;
  await cp(join(directory, 'second', key), join(directory, 'first', key));
  const store = new DirectoryModelStore({ directory });
  await assert.rejects(store.open(digestOf(first)), { code: 'CORE_ARTIFACT_TAMPERED' });
});
