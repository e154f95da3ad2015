import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { inspect } from 'node:util';
import { startArtifactService } from '../testing/artifact-service.ts';
import { LARGEST_BLOB_BYTES } from './blob-store.ts';
import { DirectoryBlobStore } from './directory-blob-store.ts';
import { HttpBlobStore } from './http-blob-store.ts';

const API_KEY = 'zk-very-secret-key';
const UNAVAILABLE = { code: 'QUEUE_ARTIFACTS_UNAVAILABLE' };
const folder = await mkdtemp(join(tmpdir(), 'zkinfer-http-blobs-'));
const service = await startArtifactService({
  apiKey: API_KEY,
  blobs: new DirectoryBlobStore(folder),
});
const store = new HttpBlobStore({ baseUrl: service.baseUrl, apiKey: API_KEY });
after(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  service.intercept = undefined;
});

/** Every answer, until the test ends. */
function answerWith(answer: (response: ServerResponse) => void) {
  service.intercept = (_, response) => {
    answer(response);
    return true;
  };
}

const hello = new TextEncoder().encode('hello');

test('error: other bytes than the digest says are refused', async () => {
  const sha256 = await store.put(hello);
  answerWith((response) => response.end('other'));
  await assert.rejects(store.get(sha256), { code: 'QUEUE_BLOB_CORRUPTED' });
});

test('error: an endless answer is left when it is longer than any blob', async () => {
  let sent = 0;
  let closed: Promise<unknown> | undefined;
  answerWith((response) => {
    const chunk = Buffer.alloc(1 << 20);
    const write = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      if (!response.destroyed) sent += chunk.length;
    };
    response.on('drain', write);
    closed = new Promise((resolve) => response.on('close', resolve));
    write();
  });
  await assert.rejects(store.get('0'.repeat(64)), { code: 'QUEUE_BLOB_TOO_LARGE' });
  await closed;
  assert.ok(sent < 2 * LARGEST_BLOB_BYTES, `${sent} bytes were sent`);
});

test('error: refusals, redirects, breaks and a 404 of somebody else may all pass', async () => {
  const sha256 = await store.put(hello);
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => response.writeHead(503).end('{'),
    (response) => response.writeHead(404).end('<html>'),
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    (response) => response.destroy(),
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    },
  ];
  for (const answer of answers) {
    answerWith(answer);
    await assert.rejects(store.get(sha256), UNAVAILABLE);
  }
  answerWith((response) => response.writeHead(500).end());
  await assert.rejects(store.put(hello), UNAVAILABLE);
  answerWith((response) => response.writeHead(413).end());
  await assert.rejects(store.put(hello), { code: 'QUEUE_BLOB_TOO_LARGE' });
});

test('error: the key is in no error, whatever refuses', async () => {
  const nowhere = new HttpBlobStore({ baseUrl: 'http://127.0.0.1:9', apiKey: API_KEY });
  const wrong = new HttpBlobStore({ baseUrl: service.baseUrl, apiKey: `${API_KEY}-of-yesterday` });
  for (const [name, blobs] of Object.entries({ nowhere, wrong })) {
    const error: unknown = await blobs.put(hello).catch((cause: unknown) => cause);
    assert.equal((error as { code?: string }).code, UNAVAILABLE.code, name);
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(API_KEY), name);
  }
  assert.ok(!inspect(nowhere, { depth: 20 }).includes(API_KEY));
});

test('error: a wait ends with the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  service.intercept = () => {
    controller.abort(reason);
    return true;
  };
  await assert.rejects(store.get('0'.repeat(64), { signal: controller.signal }), reason);
});

test('error: addresses with credentials and keys with line breaks are refused', () => {
  for (const baseUrl of ['ftp://host', 'http://user:pass@host', 'https://host/?q', 'x', '/a']) {
    assert.throws(() => new HttpBlobStore({ baseUrl }), { code: 'QUEUE_ARTIFACTS_URL' });
  }
  const options = { baseUrl: 'https://host', apiKey: 'a\r\nb: c' };
  assert.throws(() => new HttpBlobStore(options), { code: 'QUEUE_ARTIFACTS_KEY' });
});
