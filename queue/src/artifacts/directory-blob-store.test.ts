import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LARGEST_BLOB_BYTES } from './blob-store.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'zkinfer-blob-directory-'));
});
after(() => rm(root, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;
const blobOf = (text: string) => new TextEncoder().encode(text);

function storeAt(name: string) {
  const directory = join(root, name);
  const fileOf = (sha256: string) =>
    join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const age = async (sha256: string, ms: number) => {
    const then = new Date(Date.now() - ms);
    await utimes(fileOf(sha256), then, then);
  };
  return { store: new DirectoryBlobStore(directory), directory, fileOf, age };
}

test('behavior: pruning removes what is old and not kept, and what was put again stays', async () => {
  const { store, age } = storeAt('prune');
  const [old, kept, again, young] = await Promise.all(
    ['old', 'kept', 'again', 'young'].map((text) => store.put(blobOf(text))),
  );
  for (const sha256 of [old!, kept!, again!]) await age(sha256, 2 * HOUR_MS);
  await store.put(blobOf('again'));
  assert.equal(await store.prune({ olderThanMs: HOUR_MS, keep: new Set([kept!]) }), 1);
  await assert.rejects(store.get(old!), { code: 'QUEUE_BLOB_UNKNOWN' });
  for (const sha256 of [kept!, again!, young!]) await store.get(sha256);
});

test('behavior: pruning before anything was put does nothing', async () => {
  assert.equal(await storeAt('empty').store.prune({ olderThanMs: 0, keep: new Set() }), 0);
});

test('behavior: pruning removes what ended processes left, and nothing that is not a blob', async () => {
  const { store, fileOf } = storeAt('leftovers');
  const path = fileOf(await store.put(blobOf('x')));
  await writeFile(`${path}.tmp-999999999-0123456789ab`, 'half');
  await writeFile(join(path, '..', 'README'), 'mine');
  assert.equal(await store.prune({ olderThanMs: -HOUR_MS, keep: new Set() }), 1);
  assert.deepEqual(await readdir(join(path, '..')), ['README']);
});

test('behavior: pruning while blobs are put loses none of them', async () => {
  const { store } = storeAt('race');
  for (let round = 0; round < 20; round++) {
    const put = store.put(blobOf(`${round}`));
    const [sha256] = await Promise.all([
      put,
      store.prune({ olderThanMs: HOUR_MS, keep: new Set() }),
    ]);
    await store.get(sha256);
  }
});

test('behavior: nobody else may read blobs', async () => {
  const { store, fileOf, directory } = storeAt('modes');
  const path = fileOf(await store.put(blobOf('secret')));
  assert.equal((await stat(path)).mode & 0o077, 0);
  assert.equal((await stat(directory)).mode & 0o077, 0);
});

test('error: a file that grew beyond every blob is not read', async () => {
  const { store, fileOf } = storeAt('grown');
  const sha256 = await store.put(blobOf('x'));
  await truncate(fileOf(sha256), LARGEST_BLOB_BYTES + 1);
  await assert.rejects(store.get(sha256), { code: 'QUEUE_BLOB_TOO_LARGE' });
});

test('error: a place that cannot be used is the machine’s fault', async () => {
  const file = join(root, 'a-file');
  await writeFile(file, '');
  const put = new DirectoryBlobStore(join(file, 'below')).put(blobOf('x'));
  await assert.rejects(put, { code: 'CORE_WRITE_FAILED' });
  const { store, fileOf } = storeAt('folder-in-place');
  const sha256 = await store.put(blobOf('x'));
  await rm(fileOf(sha256));
  await new DirectoryBlobStore(fileOf(sha256)).put(blobOf('y'));
  await assert.rejects(store.get(sha256), { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' });
});
