import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobViewSchema, readSchema } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { createApiKey, revokeApiKey } from '../api-keys/api-key-file.ts';
import { ApiKeys } from '../api-keys/api-keys.ts';
import { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { writeInferenceRequest } from '../jobs/inference-request.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import { LevelStore } from '../store/level-store.ts';
import { Records } from '../store/records.ts';
import { WebhookOutbox, type WebhookOutboxOptions } from './webhook-outbox.ts';
import { WEBHOOKS } from './webhook-record.ts';
import { verifyWebhook } from './webhook-signature.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let store: LevelStore;
let pipeline: Pipeline;
let receiver: Server;
let url: string;
let received: Received[];
/** What the receiver answers next; then 204. */
let answers: number[];
let secret: string;
let options: WebhookOutboxOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-webhooks-'));
  received = [];
  answers = [];
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.writeHead(answers.shift() ?? 204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  url = `${origin}/hook`;
  const keysPath = join(folder, 'keys.json');
  secret = (await createApiKey(keysPath, { name: 'alice', roles: ['client'] })).webhookSecret;
  const keys = await ApiKeys.open(keysPath, { reloadMs: 0 });
  const urls = new UrlFetcher({ allow: [origin], timeoutMs: 5_000 });
  await openStore();
  const retry = { attempts: 3, firstDelayMs: 10, longestDelayMs: 20, jitter: 0 };
  options = { store, pipeline, keys, urls, retry };
});
afterEach(async () => {
  await store.close();
  receiver.closeAllConnections();
  receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function openStore(): Promise<void> {
  store = await LevelStore.open(join(folder, 'store'));
  pipeline = new Pipeline({ store });
}

async function submit(id: string, webhook: string | null = url): Promise<void> {
  const request = writeInferenceRequest({
    modelDigest: 'ab'.repeat(32),
    input: { kind: 'blob', sha256: 'cd'.repeat(32) },
    binder: '0',
    chain: null,
    http: { client: 'alice', webhook },
  });
  await pipeline.submit({ id, route: HTTP_ROUTE, request });
}

const stored = async (id: string) => (await new Records(store, WEBHOOKS).get(id))?.record;

test('a job that ends is posted, signed, once, and forgotten', async () => {
  const outbox = await WebhookOutbox.start(options);
  await submit('h-1');
  await submit('h-2', null);
  await pipeline.cancel('h-2');
  assert.equal((await stored('h-1'))?.state, 'armed');
  assert.equal(await stored('h-2'), undefined);
  await pipeline.cancel('h-1');
  await waitUntil(async () => (await stored('h-1')) === undefined);
  assert.equal(received.length, 1);
  const { headers, body } = received[0]!;
  verifyWebhook(secret, headers['zkinfer-signature'] as string, body);
  const view = readSchema(JobViewSchema, JSON.parse(body), 'the webhook');
  assert.deepEqual([view.id, view.status], ['h-1', 'cancelled']);
  assert.equal(headers['zkinfer-delivery'], 'h-1-1');
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(outbox.waiting, 0);
  await outbox.close();
});

test('a receiver that fails is asked again, under the same id', async () => {
  answers = [500, 404];
  const outbox = await WebhookOutbox.start(options);
  await submit('h-1');
  await pipeline.cancel('h-1');
  await waitUntil(async () => (await stored('h-1')) === undefined);
  const ids = received.map(({ headers }) => headers['zkinfer-delivery']);
  assert.deepEqual(ids, ['h-1-1', 'h-1-1', 'h-1-1']);
  await outbox.close();
});

test('after so many tries it is given up, with a record of why', async () => {
  answers = [500, 500, 500, 204];
  const outbox = await WebhookOutbox.start(options);
  await submit('h-1');
  await pipeline.cancel('h-1');
  await waitUntil(async () => (await stored('h-1'))?.state === 'given-up');
  const { failures, lastCode } = (await stored('h-1'))!;
  assert.deepEqual([failures, lastCode], [3, 'QUEUE_WEBHOOK_STATUS']);
  await sleep(60);
  assert.equal(received.length, 3);
  await outbox.close();
});

test('what cannot get better is given up at once', async () => {
  const outbox = await WebhookOutbox.start(options);
  answers = [410];
  await submit('h-gone');
  await pipeline.cancel('h-gone');
  await submit('h-private', 'https://127.0.0.1/hook');
  await pipeline.cancel('h-private');
  await waitUntil(async () => (await stored('h-private'))?.state === 'given-up');
  await waitUntil(async () => (await stored('h-gone'))?.state === 'given-up');
  await revokeApiKey(join(folder, 'keys.json'), 'alice');
  await submit('h-revoked');
  await pipeline.cancel('h-revoked');
  await waitUntil(async () => (await stored('h-revoked'))?.state === 'given-up');
  const codes = await Promise.all(
    ['h-gone', 'h-private', 'h-revoked'].map(async (id) => (await stored(id))?.lastCode),
  );
  const [gone, refused, revoked] = codes;
  assert.deepEqual(
    [gone, refused, revoked],
    ['QUEUE_WEBHOOK_GONE', 'QUEUE_URL_REFUSED', 'QUEUE_WEBHOOK_KEY_REVOKED'],
  );
  assert.equal(received.length, 1);
  await outbox.close();
});

test('redirects are not followed', async () => {
  answers = [307, 301, 302];
  const outbox = await WebhookOutbox.start(options);
  await submit('h-1');
  await pipeline.cancel('h-1');
  await waitUntil(async () => (await stored('h-1'))?.state === 'given-up');
  assert.equal(received.length, 3);
  await outbox.close();
});

test('jobs that end while nobody listens are posted after the restart', async () => {
  const first = await WebhookOutbox.start(options);
  await submit('h-1');
  await submit('h-2');
  await first.close();
  await submit('h-3');
  // As after a crash between the end of a job and the note of it.
  await pipeline.cancel('h-1');
  await store.close();
  await openStore();
  const second = await WebhookOutbox.start({ ...options, store, pipeline });
  await waitUntil(() => received.length === 1);
  assert.equal((await stored('h-2'))?.state, 'armed');
  assert.equal((await stored('h-3'))?.state, 'armed');
  await pipeline.cancel('h-3');
  await waitUntil(() => received.length === 2);
  await second.close();
});

test('a try that was due is made after the restart; a job that was forgotten is, too', async () => {
  answers = [500];
  const retry = { attempts: 9, firstDelayMs: 300, longestDelayMs: 300, jitter: 0 };
  const first = await WebhookOutbox.start({ ...options, retry });
  await submit('h-1');
  await submit('h-2');
  await pipeline.cancel('h-1');
  await waitUntil(async () => (await stored('h-1'))?.failures === 1);
  await first.close();
  await pipeline.cancel('h-2');
  await pipeline.prune('cancelled', (await pipeline.get('h-1'))!.outcome!.at);
  const record = (await stored('h-2'))!;
  await store.commit([new Records(store, WEBHOOKS).put('h-nothing', record)]);
  const second = await WebhookOutbox.start({ ...options, retry });
  await waitUntil(() => received.length === 3);
  assert.equal(await stored('h-nothing'), undefined);
  await second.close();
});

test('a job that is retried and ends again is posted again, under another id', async () => {
  const outbox = await WebhookOutbox.start(options);
  await submit('h-1');
  for (let end = 1; end <= 2; end++) {
    const { fence } = (await pipeline.get('h-1'))!;
    await pipeline.apply({ jobId: 'h-1', fence, kind: 'poisoned' });
    await waitUntil(() => received.length === end);
    await waitUntil(async () => (await stored('h-1')) === undefined);
    await pipeline.retry('h-1');
    await waitUntil(async () => (await stored('h-1'))?.state === 'armed');
  }
  const ids = received.map(({ headers }) => headers['zkinfer-delivery']);
  assert.deepEqual(ids, ['h-1-1', 'h-1-2']);
  await outbox.close();
});

test('so many deliveries at a time', async () => {
  let [open, most, done] = [0, 0, 0];
  const urls = {
    postJson: async () => {
      most = Math.max(most, ++open);
      await sleep(20);
      open -= 1;
      done += 1;
      return 200;
    },
  };
  const outbox = await WebhookOutbox.start({ ...options, urls, concurrency: 3 });
  for (let i = 0; i < 10; i++) await submit(`h-${i}`);
  await Promise.all(Array.from({ length: 10 }, (_, i) => pipeline.cancel(`h-${i}`)));
  await waitUntil(() => done === 10);
  assert.equal(most, 3);
  await outbox.close();
});
