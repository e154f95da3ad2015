import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type JobView, JobViewSchema, readSchema, servicePath } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { createApiKey, revokeApiKey } from '../../api-keys/api-key-file.ts';
import { stageTaskId } from '../../jobs/job-ids.ts';
import { CheckedClient } from '../testing/checked-client.ts';
import { completeStage, finishJob } from '../testing/finish-job.ts';
import { type HttpFixture, removeModels, startHttpFixture } from '../testing/http-fixture.ts';

let fixture: HttpFixture;
let client: CheckedClient;
let key: string;
let count = 0;
const limits = { streamsPerKey: 2, streams: 3, heartbeatMs: 30 };
before(async () => {
  fixture = await startHttpFixture({ limits });
  client = await CheckedClient.connect(fixture.url);
  key = fixture.keyOf.client;
});
after(async () => {
  await fixture.close();
  await removeModels();
});

async function submit(): Promise<string> {
  const body = { modelDigest: fixture.model.modelDigest, input: { reals: [[3, 4]] } };
  const headers = { 'idempotency-key': `updates-${count++}` };
  return (await client.post('/v1/jobs', { key, headers, body })).body.id;
}

/** A stream that is read by hand. */
async function follow(id: string, more: { key?: string; headers?: Record<string, string> } = {}) {
  const abort = new AbortController();
  const answer = await fetch(fixture.url + servicePath('jobUpdates', { id }), {
    headers: { authorization: `Bearer ${more.key ?? key}`, ...more.headers },
    signal: abort.signal,
  });
  let text = '';
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk as Uint8Array);
  })().catch(() => {});
  const events = () =>
    [...text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)].map(([, eventId, data]) => ({
      id: eventId!,
      view: readSchema(JobViewSchema, JSON.parse(data!), 'an event') as JobView,
    }));
  return { answer, events, text: () => text, ended, abort: () => abort.abort() };
}

/** Streams of earlier tests are gone. */
const waitForRoom = () =>
  waitUntil(async () => {
    const { body } = await client.get('/metrics', { key: fixture.keyOf.metrics });
    return /^zkinfer_update_streams 0$/m.test(body);
  });

test('a stream tells the job as it stands, every step, and ends with it', async () => {
  const id = await submit();
  const stream = await follow(id);
  assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream');
  assert.equal(stream.answer.headers.get('cache-control'), 'no-store');
  assert.equal(stream.answer.headers.get('x-content-type-options'), 'nosniff');
  await waitUntil(() => stream.events().length > 0);
  await finishJob(fixture, id);
  await stream.ended;
  const stages = stream.events().map(({ view }) => `${view.stage} ${view.status}`);
  assert.deepEqual(
    [...new Set(stages)],
    ['fetch active', 'infer active', 'prove active', 'prove done'],
  );
});

test('progress is told between the steps, for the current try alone', async () => {
  const id = await submit();
  const { fence } = (await fixture.pipeline.get(id))!;
  const consumer = await fixture.backend.consume(
    'fetch',
    async ({ reportProgress, signal }) => {
      reportProgress({ step: 'download', done: 0.25 });
      reportProgress({ step: 'not as promised', done: 7 });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    { concurrency: 1 },
  );
  const stream = await follow(id);
  const data = {};
  const task = { id: stageTaskId(id, 'fetch', fence), data, priority: 1 };
  await fixture.backend.enqueue('fetch', [task]);
  await waitUntil(() => stream.events().some(({ view }) => view.progress !== null));
  const told = { step: 'download', done: 0.25 };
  assert.deepEqual(stream.events().at(-1)!.view.progress, told);
  const { body } = await client.get(servicePath('job', { id }), { key });
  assert.deepEqual(body.progress, told);
  await completeStage(fixture, id, { envelope: 'ab'.repeat(32), inputHash: '1' });
  await waitUntil(() => stream.events().at(-1)!.view.stage === 'infer');
  assert.equal(stream.events().at(-1)!.view.progress, null);
  stream.abort();
  await consumer.close({ abortMs: 0 });
});

test('a job that has ended is told once; who comes back with its id is told that all is told', async () => {
  const id = await submit();
  await fixture.pipeline.cancel(id);
  const stream = await follow(id);
  await stream.ended;
  const [event, ...more] = stream.events();
  assert.deepEqual([event!.view.status, more], ['cancelled', []]);
  const again = await follow(id, { headers: { 'last-event-id': event!.id } });
  assert.equal(again.answer.status, 204);
  for (const harmless of ['0', 'x', '../..', '9'.repeat(1_000)]) {
    const other = await follow(id, { headers: { 'last-event-id': harmless } });
    await other.ended;
    assert.equal(other.events().length, 1);
  }
});

test('a stream without news says that it lives', async () => {
  const stream = await follow(await submit());
  await waitUntil(() => stream.text().split(': alive').length > 3);
  stream.abort();
});

test('so many streams for a key, so many together; those that are closed make room', async () => {
  await waitForRoom();
  const id = await submit();
  const first = await follow(id);
  const second = await follow(id);
  const third = await client.get(servicePath('jobUpdates', { id }), { key });
  assert.deepEqual([third.status, third.code], [429, 'QUEUE_HTTP_STREAMS']);
  const operator = { key: fixture.keyOf.operator };
  const fourth = await follow(id, operator);
  assert.equal(fourth.answer.status, 200);
  const fifth = await client.get(servicePath('jobUpdates', { id }), operator);
  assert.equal(fifth.code, 'QUEUE_HTTP_STREAMS');
  for (const stream of [first, second, fourth]) stream.abort();
  await waitForRoom();
  const later = await follow(id);
  assert.equal(later.answer.status, 200);
  later.abort();
});

test('a stream ends when its key is revoked', async () => {
  await waitForRoom();
  const roles = ['client', 'operator'] as const;
  const leaver = await createApiKey(fixture.keysPath, { name: 'leaver', roles });
  const stream = await follow(await submit(), { key: leaver.key });
  await waitUntil(() => stream.events().length === 1);
  await revokeApiKey(fixture.keysPath, 'leaver');
  await stream.ended;
});

test('streams end with the service, which does not wait for them', async () => {
  const own = await startHttpFixture();
  const ownClient = await CheckedClient.connect(own.url);
  const body = { modelDigest: own.model.modelDigest, input: { reals: [[3, 4]] } };
  const ownKey = own.keyOf.client;
  const { body: job } = await ownClient.post('/v1/jobs', { key: ownKey, body });
  const answer = await fetch(own.url + servicePath('jobUpdates', { id: job.id }), {
    headers: { authorization: `Bearer ${ownKey}` },
  });
  const text = answer.text();
  await own.close();
  assert.match(await text, /"status":"active"/);
});
