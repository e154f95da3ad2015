/** What every blob store must do, run on all: on disk, of a plain server, of the service. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { removeModels, startHttpFixture } from '../http/testing/http-fixture.ts';
import { startArtifactService } from '../testing/artifact-service.ts';
import { type BlobStore, LARGEST_BLOB_BYTES } from './blob-store.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';
import { HttpBlobStore } from './http-blob-store.ts';

const random = seededRandom(announceSeed());
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-blobs-'));
const local = new DirectoryBlobStore(folder);
const plain = await startArtifactService({ apiKey: 'key', blobs: local });
const service = await startHttpFixture();
after(async () => {
  await plain.close();
  await service.close();
  await removeModels();
  await rm(folder, { recursive: true, force: true });
});

/** A name, a store, and where its files lie. */
const subjects: readonly [string, BlobStore, string][] = [
  ['directory', local, folder],
  ['http', new HttpBlobStore({ baseUrl: plain.baseUrl, apiKey: 'key' }), folder],
  [
    'service',
    new HttpBlobStore({ baseUrl: service.url, apiKey: service.keyOf.worker }),
    join(service.folder, 'blobs'),
  ],
];

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

for (const [name, store, directory] of subjects) {
  test(`behavior: ${name}: blobs come back as they were put, also empty and put twice`, async () => {
    for (const bytes of [random.bytes(1000), new Uint8Array(), random.bytes(100_000)]) {
      const sha256 = await store.put(bytes);
      assert.equal(sha256, digestOf(bytes));
      assert.equal(await store.put(bytes), sha256);
      assert.deepEqual([...(await store.get(sha256))], [...bytes]);
    }
  });

  test(`behavior: ${name}: many at once, equal ones among them`, async () => {
    const all = Array.from({ length: 20 }, (_, i) => Uint8Array.of(i % 5, 7));
    const digests = await Promise.all(all.map((bytes) => store.put(bytes)));
    assert.deepEqual(digests, all.map(digestOf));
    assert.equal(new Set(digests).size, 5);
  });

  test(`error: ${name}: what was never put is unknown`, async () => {
    await assert.rejects(store.get('0'.repeat(64)), { code: 'QUEUE_BLOB_UNKNOWN' });
  });

  test(`error: ${name}: nothing but a digest is a name`, async () => {
    const names = ['', 'AB'.repeat(32), `../../${'0'.repeat(58)}`, `${'0'.repeat(64)}/..`, 'x'];
    for (const sha256 of names) {
      await assert.rejects(store.get(sha256), { code: 'QUEUE_BLOB_UNKNOWN' });
    }
  });

  test(`error: ${name}: a blob that was altered is noticed, and mended by putting it again`, async () => {
    const bytes = random.bytes(100);
    const sha256 = await store.put(bytes);
    const path = join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    await writeFile(path, random.bytes(100));
    await assert.rejects(store.get(sha256), { code: 'QUEUE_BLOB_CORRUPTED' });
    await store.put(bytes);
    assert.equal(digestOf(await store.get(sha256)), sha256);
  });

  test(`error: ${name}: too much is refused before it goes anywhere`, async () => {
    const bytes = new Uint8Array(LARGEST_BLOB_BYTES + 1);
    await assert.rejects(store.put(bytes), { code: 'QUEUE_BLOB_TOO_LARGE' });
  });

  test(`error: ${name}: a call that was aborted throws the signal’s reason`, async () => {
    const reason = new Error('enough');
    const options = { signal: AbortSignal.abort(reason) };
    await assert.rejects(store.put(random.bytes(5), options), reason);
    await assert.rejects(store.get('0'.repeat(64), options), reason);
  });
}
