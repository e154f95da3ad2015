import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { canonicalJson } from '@zkinfer/core';
import { removeModels, startHttpFixture } from '../http/testing/http-fixture.ts';
import { startArtifactService } from '../testing/artifact-service.ts';
import { smallNetwork, writeProvableTestModel } from '../testing/small-model.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';
import { HttpModelStore, type HttpModelStoreOptions } from './http-model-store.ts';
import { MODEL_FILES } from './model-files.ts';

const root = await mkdtemp(join(tmpdir(), 'zkinfer-http-models-'));
const source = join(root, 'source');
const { directory } = await writeProvableTestModel(source);
const other = await writeProvableTestModel(join(root, 'other'), smallNetwork([9, 9, 9, 9]));
const { modelDigest } = directory.manifest;
const models = new Map([[modelDigest, source]]);
const blobs = new DirectoryBlobStore(join(root, 'blobs'));
const service = await startArtifactService({ apiKey: 'key', blobs, models });
const { baseUrl } = service;
after(async () => {
  await service.close();
  await rm(root, { recursive: true, force: true });
});
afterEach(() => {
  service.intercept = undefined;
  models.set(modelDigest, source);
});

let caches = 0;
function freshStore(more: Partial<HttpModelStoreOptions> = {}) {
  const cacheDirectory = join(root, `cache-${caches++}`);
  const open = () => new HttpModelStore({ baseUrl, apiKey: 'key', cacheDirectory, ...more });
  return { store: open(), reopen: open, cacheDirectory, cached: join(cacheDirectory, modelDigest) };
}

/** Answers requests for one file. */
function answerFor(name: string, answer: (response: ServerResponse) => void) {
  service.intercept = ({ url }, response) => {
    if (!url!.endsWith(`/${name}`)) return false;
    answer(response);
    return true;
  };
}

/** A copy of the source that tests may damage, served in its place. */
async function servedCopy(name: string): Promise<string> {
  const path = join(root, name);
  await cp(source, path, { recursive: true });
  models.set(modelDigest, path);
  return path;
}

const requestsSince = (start: number) =>
  service.requests.slice(start).map((request) => request.split('/').at(-1));

test('behavior: callers at once share a download of the files that are needed, and no others', async () => {
  const { store, cacheDirectory } = freshStore();
  const start = service.requests.length;
  await Promise.all([1, 2, 3].map(() => store.open(modelDigest)));
  assert.deepEqual(requestsSince(start), ['manifest.json', ...MODEL_FILES]);
  assert.deepEqual(await readdir(cacheDirectory), [modelDigest]);
});

test('behavior: processes that download the same at once leave one whole directory', async () => {
  const { store, reopen, cacheDirectory } = freshStore();
  await Promise.all([store.open(modelDigest), reopen().open(modelDigest)]);
  assert.deepEqual(await readdir(cacheDirectory), [modelDigest]);
  await reopen().open(modelDigest);
});

test('behavior: what is kept is used when the server is gone', async () => {
  const { store, reopen } = freshStore();
  await store.open(modelDigest);
  service.intercept = (_, response) => {
    response.destroy();
    return true;
  };
  const model = await reopen().open(modelDigest);
  assert.equal(model.directory.manifest.modelDigest, modelDigest);
});

test('behavior: keys that were replaced on the server are got again', async () => {
  const { store, reopen } = freshStore();
  const before = await store.open(modelDigest);
  const path = join(root, 'new-keys');
  await writeProvableTestModel(path);
  models.set(modelDigest, path);
  assert.equal(await store.open(modelDigest), before);
  const { manifest } = (await reopen().open(modelDigest)).directory;
  assert.notEqual(manifest.verificationKeyDigest, before.directory.manifest.verificationKeyDigest);
});

for (const file of MODEL_FILES) {
  test(`error: ${file} that is damaged on the server is refused, and nothing is kept`, async () => {
    const path = join(await servedCopy(`damaged-${file}`), file);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    const { store, cacheDirectory } = freshStore();
    await assert.rejects(store.open(modelDigest), { code: 'QUEUE_MODEL_DAMAGED' });
    assert.deepEqual(await readdir(cacheDirectory), []);
  });
}

test('error: damaged in the cache and on the server, a model is got again once and refused, until the server’s is whole', async () => {
  const { store, reopen, cached } = freshStore();
  await store.open(modelDigest);
  await appendFile(join(cached, 'weights.bin'), ' ');
  await appendFile(join(await servedCopy('damaged-too'), 'weights.bin'), ' ');
  const start = service.requests.length;
  await assert.rejects(reopen().open(modelDigest), { code: 'QUEUE_MODEL_DAMAGED' });
  const weights = requestsSince(start).filter((name) => name === 'weights.bin');
  assert.equal(weights.length, 1);
  models.set(modelDigest, source);
  await reopen().open(modelDigest);
});

test('error: another model than the one asked for is refused', async () => {
  models.set(modelDigest, other.directory.path);
  const { store } = freshStore();
  await assert.rejects(store.open(modelDigest), { code: 'QUEUE_MODEL_DIFFERS' });
});

test('error: a manifest of this digest around another network is refused', async () => {
  const path = join(root, 'lying');
  await cp(other.directory.path, path, { recursive: true });
  const lie = canonicalJson({ ...other.directory.manifest, modelDigest } as never);
  answerFor('manifest.json', (response) => response.end(lie));
  models.set(modelDigest, path);
  const { store } = freshStore();
  await assert.rejects(store.open(modelDigest), { code: 'CIRCUITS_DIRECTORY_MIXED' });
});

test('error: a manifest that is malformed, incomplete or names paths is refused', async () => {
  const text = await readFile(join(source, 'manifest.json'), 'utf8');
  const manifests = [
    '<html>',
    text.replace('"setup.json"', '"../setup.json"'),
    text.replace('"setup.json"', '"sneaky.json"'),
    'x'.repeat((1 << 20) + 1),
  ];
  for (const manifest of manifests) {
    answerFor('manifest.json', (response) => response.end(manifest));
    const { store } = freshStore();
    await assert.rejects(store.open(modelDigest), { code: 'QUEUE_MODEL_DAMAGED' });
  }
});

test('error: files that are larger than allowed, or than the manifest says, are left', async () => {
  const { store: strict } = freshStore({ largestFileBytes: 1000 });
  await assert.rejects(strict.open(modelDigest), { code: 'QUEUE_MODEL_DAMAGED' });
  answerFor('proving_key.zkey', (response) => {
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
    };
    response.on('drain', write);
    write();
  });
  const { store } = freshStore();
  await assert.rejects(store.open(modelDigest), { code: 'QUEUE_MODEL_DAMAGED' });
});

test('error: a transfer that breaks off leaves nothing, and the next one succeeds', async () => {
  const { store, cacheDirectory } = freshStore();
  answerFor('proving_key.zkey', (response) => {
    response.writeHead(200, { 'content-length': '100000' }).write('half');
    setImmediate(() => response.destroy());
  });
  await assert.rejects(store.open(modelDigest), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  assert.deepEqual(await readdir(cacheDirectory), []);
  service.intercept = undefined;
  await store.open(modelDigest);
});

test('error: a download ends when the last caller’s signal does', async () => {
  const { store } = freshStore();
  const controller = new AbortController();
  const reason = new Error('enough');
  const closed = new Promise((resolve) => {
    answerFor('proving_key.zkey', (response) => {
      response.on('close', resolve);
      response.write('slow');
      controller.abort(reason);
    });
  });
  await assert.rejects(store.open(modelDigest, { signal: controller.signal }), reason);
  await closed;
});

test('error: without the key the models are out of reach, without a list there are none', async () => {
  const { store } = freshStore({ apiKey: 'another' });
  await assert.rejects(store.list(), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  await assert.rejects(store.open(modelDigest), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  for (const list of ['{}', '[{"modelDigest":"../x"}]', '<html>']) {
    answerFor('models', (response) => response.end(list));
    await assert.rejects(freshStore().store.list(), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  }
});

test('behavior: models come from the service itself as from any server', async () => {
  const fixture = await startHttpFixture();
  try {
    const more = { baseUrl: fixture.url, apiKey: fixture.keyOf.worker };
    const { store } = freshStore(more);
    const digest = fixture.model.modelDigest;
    assert.deepEqual(await store.list(), [digest]);
    assert.equal((await store.open(digest)).directory.manifest.modelDigest, digest);
    await assert.rejects(store.open('0'.repeat(64)), { code: 'QUEUE_MODEL_UNKNOWN' });
    const { store: client } = freshStore({ ...more, apiKey: fixture.keyOf.client });
    await assert.rejects(client.open(digest), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
  } finally {
    await fixture.close();
    await removeModels();
  }
});
