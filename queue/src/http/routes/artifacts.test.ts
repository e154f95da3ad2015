import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sha256Hex } from '@zkinfer/core';
import { servicePath } from '@zkinfer/core/service';
import { HttpBlobStore } from '../../artifacts/http-blob-store.ts';
import { HttpModelStore } from '../../artifacts/http-model-store.ts';
import { CheckedClient } from '../testing/checked-client.ts';
import { type HttpFixture, removeModels, startHttpFixture } from '../testing/http-fixture.ts';

const BYTES = { 'content-type': 'application/octet-stream' };
const limits = { bodyBytes: 100_000 };

let fixture: HttpFixture;
let client: CheckedClient;
let key: string;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-artifacts-'));
  fixture = await startHttpFixture({ limits });
  client = await CheckedClient.connect(fixture.url);
  key = fixture.keyOf.worker;
});
after(async () => {
  await fixture.close();
  await removeModels();
  await rm(folder, { recursive: true, force: true });
});

const put = (sha256: string, body: Uint8Array, headers: Record<string, string> = BYTES) =>
  client.ask('PUT', servicePath('blob', { sha256 }), { key, headers, body });

test('workers on other machines keep and get blobs', async () => {
  const blobs = new HttpBlobStore({ baseUrl: fixture.url, apiKey: key });
  const bytes = randomBytes(50_000);
  const sha256 = await blobs.put(bytes);
  assert.equal(sha256, sha256Hex(bytes));
  assert.deepEqual(Buffer.from(await blobs.get(sha256)), bytes);
  assert.deepEqual(Buffer.from(await fixture.blobs.get(sha256)), bytes);
  await assert.rejects(blobs.get('ab'.repeat(32)), { code: 'QUEUE_BLOB_UNKNOWN' });
});

test('workers on other machines get models', async () => {
  const models = new HttpModelStore({
    baseUrl: fixture.url,
    apiKey: key,
    cacheDirectory: folder,
  });
  const { modelDigest } = fixture.model;
  assert.deepEqual(await models.list(), [modelDigest]);
  const { directory } = await models.open(modelDigest);
  assert.equal(directory.manifest.modelDigest, modelDigest);
});

test('bytes under the digest of others are refused, and not kept', async () => {
  const sha256 = sha256Hex('something');
  const { status, code } = await put(sha256, Buffer.from('something else'));
  assert.deepEqual([status, code], [422, 'QUEUE_BLOB_DIFFERS']);
  await assert.rejects(fixture.blobs.get(sha256), { code: 'QUEUE_BLOB_UNKNOWN' });
});

test('blobs that are too large or of another type are refused; one of no bytes is kept', async () => {
  const large = new Uint8Array(limits.bodyBytes + 1);
  assert.equal((await put(sha256Hex(large), large)).code, 'QUEUE_HTTP_TOO_LARGE');
  const text = Buffer.from('text');
  const asText = await put(sha256Hex(text), text, { 'content-type': 'text/plain' });
  assert.deepEqual([asText.status, asText.code], [415, 'QUEUE_HTTP_MEDIA_TYPE']);
  const asJson = await put(sha256Hex(text), text, { 'content-type': 'application/json' });
  assert.equal(asJson.code, 'QUEUE_HTTP_MEDIA_TYPE');
  const nothing = await client.ask('PUT', servicePath('blob', { sha256: sha256Hex('') }), { key });
  assert.equal(nothing.status, 204);
});

test('names that are no digests are refused, paths above all', async () => {
  for (const sha256 of [
    '../keys.json',
    '..%2fkeys.json',
    'AB'.repeat(32),
    'ab'.repeat(31),
    '%00',
  ]) {
    const { status, code } = await client.get(servicePath('blob', { sha256 }), { key });
    assert.deepEqual([status, code], [400, 'CORE_SCHEMA']);
    assert.equal((await put(sha256, Buffer.from('x'))).status, 400);
  }
});

test('only the files of a compiled model are given out, by their names', async () => {
  const { modelDigest } = fixture.model;
  const ask = (name: string, digest = modelDigest) =>
    client.get(servicePath('modelFile', { modelDigest: digest, name }), { key });
  for (const name of ['manifest.json', 'model.json', 'proving_key.zkey']) {
    const { status, headers } = await ask(name);
    assert.deepEqual([status, headers.get('content-type')], [200, 'application/octet-stream']);
  }
  for (const name of [
    '../../keys.json',
    '..%2f..%2fkeys.json',
    '/etc/passwd',
    'model.json/..',
    'Model.json',
    '.',
    'keys.json',
  ]) {
    assert.equal((await ask(name)).status, 400, name);
  }
  for (const digest of ['..', '../x', 'AB'.repeat(32)]) {
    const { status } = await ask('model.json', digest);
    assert.ok(status === 400 || status === 404, digest);
  }
  assert.equal((await ask('model.json', 'ab'.repeat(32))).code, 'QUEUE_MODEL_UNKNOWN');
});

test('paths with dots that a proxy left in lead nowhere', async () => {
  const { request } = await import('node:http');
  const { port } = new URL(fixture.url);
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` };
      const options = { host: '127.0.0.1', port, path, headers };
      const sent = request(options, (answer) => resolve(answer.resume().statusCode));
      sent.on('error', reject).end();
    });
  for (const path of [
    '/v1/blobs/../../keys.json',
    `/v1/models/${fixture.model.modelDigest}/files/../../../keys.json`,
    '/v1/models/../models',
  ]) {
    assert.equal(await statusOf(path), 404, path);
  }
});
