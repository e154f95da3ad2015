import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeEnvelope } from '@zkinfer/core';
import { servicePath } from '@zkinfer/core/service';
import { createApiKey } from '../../api-keys/api-key-file.ts';
import { type InputReference, writeInferenceRequest } from '../../jobs/inference-request.ts';
import { chainJobId } from '../../jobs/job-ids.ts';
import { CHAIN_ROUTE } from '../../jobs/stages.ts';
import { inputHashOf } from '../submitted-input.ts';
import { CheckedClient } from '../testing/checked-client.ts';
import { finishJob } from '../testing/finish-job.ts';
import {
  type HttpFixture,
  removeModels,
  smallEnvelope,
  startHttpFixture,
} from '../testing/http-fixture.ts';

let fixture: HttpFixture;
let client: CheckedClient;
let key: string;
let count = 0;
before(async () => {
  fixture = await startHttpFixture();
  client = await CheckedClient.connect(fixture.url);
  key = fixture.keyOf.client;
});
after(async () => {
  await fixture.close();
  await removeModels();
});

/** The id of a new job of a key. */
async function submit(keyText = key): Promise<string> {
  const body = { modelDigest: fixture.model.modelDigest, input: { reals: [[3, 4]] } };
  const headers = { 'idempotency-key': `job-${count++}` };
  const { body: job } = await client.post('/v1/jobs', { key: keyText, headers, body });
  return job.id;
}

const newKey = async (name: string) =>
  (await createApiKey(fixture.keysPath, { name, roles: ['client'] })).key;

const hashOf = () => inputHashOf(smallEnvelope(fixture.model), fixture.model);

/** A job of a request on chain. */
async function submitOnChain(input?: InputReference): Promise<{ id: string; requestId: string }> {
  const requestId = `0x${(count++).toString(16).padStart(64, '0')}`;
  const id = chainJobId(31337n, requestId);
  const envelope = new TextEncoder().encode(encodeEnvelope(smallEnvelope(fixture.model)));
  const request = writeInferenceRequest({
    modelDigest: fixture.model.modelDigest,
    input: input ?? { kind: 'blob', sha256: await fixture.blobs.put(envelope) },
    binder: '5',
    chain: {
      chainId: '31337',
      coprocessor: `0x${'ab'.repeat(20)}`,
      requestId,
      modelId: `0x${'cd'.repeat(32)}`,
      payee: `0x${'ef'.repeat(20)}`,
      inputHash: `${hashOf()}`,
      delivery: 'commitment',
      hasCallback: false,
    },
    http: null,
  });
  await fixture.pipeline.submit({ id, route: CHAIN_ROUTE, request });
  return { id, requestId };
}

test('a job is told as it goes, then gives its result', async () => {
  const id = await submit();
  const path = servicePath('job', { id });
  const { body: active } = await client.get(path, { key });
  assert.deepEqual([active.status, active.stage, active.hasProof], ['active', 'fetch', false]);
  const early = await client.get(servicePath('jobResult', { id }), { key });
  assert.deepEqual([early.status, early.code], [409, 'QUEUE_RESULT_NOT_READY']);

  const integers = await finishJob(fixture, id);
  const { body: done } = await client.get(path, { key });
  assert.deepEqual([done.status, done.outcomeCode, done.hasProof], ['done', 'QUEUE_DONE', true]);
  const { status, headers, body } = await client.get(servicePath('jobResult', { id }), { key });
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual(body.outputs[0].integers, integers.map(String));
  assert.deepEqual(body.publicSignals, [done.outputHash, done.inputHash, '0']);
});

test('a job that ended without a proof has no result, and says why', async () => {
  const id = await submit();
  await fixture.pipeline.cancel(id);
  const { status, code } = await client.get(servicePath('jobResult', { id }), { key });
  assert.deepEqual([status, code], [409, 'QUEUE_RESULT_NONE']);
});

test('a job can be cancelled once', async () => {
  const id = await submit();
  const path = servicePath('jobCancel', { id });
  const { status, body } = await client.post(path, { key });
  assert.deepEqual([status, body.status], [200, 'cancelled']);
  const again = await client.post(path, { key });
  assert.deepEqual([again.status, again.code], [409, 'QUEUE_JOB_NOT_CANCELLABLE']);
});

test('jobs of others are as good as not there, except for operators', async () => {
  const id = await submit();
  const other = await newKey('other');
  const asks = [
    (text: string, jobId: string) => client.get(servicePath('job', { id: jobId }), { key: text }),
    (text: string, jobId: string) =>
      client.get(servicePath('jobResult', { id: jobId }), { key: text }),
    (text: string, jobId: string) =>
      client.get(servicePath('jobUpdates', { id: jobId }), { key: text }),
    (text: string, jobId: string) =>
      client.post(servicePath('jobCancel', { id: jobId }), { key: text }),
  ];
  for (const ask of asks) {
    const theirs = await ask(other, id);
    const nobodys = await ask(other, 'h-nothing');
    assert.deepEqual([theirs.status, theirs.code], [404, 'QUEUE_JOB_UNKNOWN']);
    const plain = ({ error }: { error: object }) => ({ ...error, requestId: '' });
    assert.deepEqual(plain(theirs.body), plain(nobodys.body));
  }
  const operator = fixture.keyOf.operator;
  assert.equal((await client.get(servicePath('job', { id }), { key: operator })).status, 200);
  const cancelled = await client.post(servicePath('jobCancel', { id }), { key: operator });
  assert.equal(cancelled.body.status, 'cancelled');
});

test('everybody with a key sees the job of a request on chain, and nobody cancels it', async () => {
  const { id, requestId } = await submitOnChain();
  const path = servicePath('request', { chainId: '31337', requestId });
  const { status, body } = await client.get(path, { key });
  assert.deepEqual([status, body.id, body.chain.requestId], [200, id, requestId]);
  assert.equal(body.inputHash, `${hashOf()}`);
  assert.equal((await client.get(servicePath('job', { id }), { key })).status, 200);
  const cancel = await client.post(servicePath('jobCancel', { id }), { key });
  assert.deepEqual([cancel.status, cancel.code], [403, 'QUEUE_HTTP_FORBIDDEN']);
});

test('its output is for operators, and for the key that gave its input', async () => {
  const { id } = await submitOnChain();
  await finishJob(fixture, id);
  const path = servicePath('jobResult', { id });
  const holder = await newKey('holder');
  const stranger = await newKey('stranger');
  for (const text of [holder, stranger]) {
    const { status, code } = await client.get(path, { key: text });
    assert.deepEqual([status, code], [403, 'QUEUE_HTTP_FORBIDDEN']);
  }
  const { words, inputSalt, ...rest } = smallEnvelope(fixture.model);
  const body = { ...rest, words: words.map(String), inputSalt: `${inputSalt}` };
  await client.post('/v1/envelopes', { key: holder, body });
  const other = smallEnvelope(fixture.model, [9, 9]).words.map(String);
  await client.post('/v1/envelopes', { key: stranger, body: { ...body, words: other } });
  assert.equal((await client.get(path, { key: holder })).status, 200);
  assert.equal((await client.get(path, { key: stranger })).status, 403);
  assert.equal((await client.get(path, { key: fixture.keyOf.operator })).status, 200);
});

test('the output of words that stand on the chain is for everybody', async () => {
  const { words } = smallEnvelope(fixture.model);
  const { id } = await submitOnChain({ kind: 'words', words: words.map(String) });
  const { status, code } = await client.get(servicePath('jobResult', { id }), { key });
  assert.deepEqual([status, code], [409, 'QUEUE_RESULT_NOT_READY']);
});

test('a request that is not known, or no request id, is refused', async () => {
  const ask = (chainId: string, requestId: string) =>
    client.get(servicePath('request', { chainId, requestId }), { key });
  assert.equal((await ask('31337', `0x${'99'.repeat(32)}`)).code, 'QUEUE_JOB_UNKNOWN');
  for (const [chainId, requestId] of [
    ['31337', `0x${'AA'.repeat(32)}`],
    ['31337', '../../x'],
    ['-1', `0x${'99'.repeat(32)}`],
    ['x', `0x${'99'.repeat(32)}`],
  ] as const) {
    assert.deepEqual((await ask(chainId, requestId)).status, 400);
  }
});

test('ids that could be paths are refused before anything is looked up', async () => {
  for (const id of ['../jobs', 'h-1/../../x', '..%2f..', 'H-1', 'x'.repeat(130), '%00', "h-'"]) {
    const { status, code } = await client.get(servicePath('job', { id }), { key });
    assert.deepEqual([status, code], [400, 'CORE_SCHEMA']);
  }
});

test('a key lists its own jobs, newest first, page by page, by status', async () => {
  const lister = await newKey('lister');
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.unshift(await submit(lister));
  await fixture.pipeline.cancel(ids[1]!);
  const list = async (query: string) =>
    (await client.get(`/v1/jobs${query}`, { key: lister })).body;
  const idsOf = ({ jobs }: { jobs: { id: string }[] }) => jobs.map(({ id }) => id);
  assert.deepEqual(idsOf(await list('')), ids);
  const first = await list('?limit=2');
  const second = await list(`?limit=2&after=${first.next}`);
  const third = await list(`?limit=2&after=${second.next}`);
  assert.deepEqual([first, second, third].flatMap(idsOf), ids);
  assert.equal(third.next, null);
  assert.deepEqual(idsOf(await list('?status=cancelled')), [ids[1]]);
  assert.deepEqual(await list(`?after=000000000000000-a`), { jobs: [], next: null });
  for (const query of ['?limit=0', '?limit=1000', '?after=../x', '?status=odd', '?more=1']) {
    assert.equal((await client.get(`/v1/jobs${query}`, { key: lister })).status, 400);
  }
});

test('operators list all jobs, page by page, by status, and retry what failed', async () => {
  const operator = { key: fixture.keyOf.operator };
  const id = await submit();
  const { fence } = (await fixture.pipeline.get(id))!;
  await fixture.pipeline.apply({ jobId: id, fence, kind: 'poisoned' });
  const { body: all } = await client.get('/v1/operator/jobs?limit=200', operator);
  const paged: unknown[] = [];
  for (let after = ''; ; ) {
    const { body } = await client.get(`/v1/operator/jobs?limit=3${after}`, operator);
    paged.push(...body.jobs);
    if (body.next === null) break;
    after = `&after=${body.next}`;
  }
  assert.deepEqual(paged, all.jobs);
  assert.ok(paged.length > 4);
  const { body: parked } = await client.get('/v1/operator/jobs?status=parked', operator);
  assert.deepEqual(
    parked.jobs.map((job: { id: string }) => job.id),
    [id],
  );
  const unknown = await client.get('/v1/operator/jobs?after=h-nothing', operator);
  assert.equal(unknown.code, 'QUEUE_JOB_UNKNOWN');
  const retried = await client.post(servicePath('operatorRetry', { id }), operator);
  assert.equal(retried.body.status, 'active');
  const again = await client.post(servicePath('operatorRetry', { id }), operator);
  assert.deepEqual([again.status, again.code], [409, 'QUEUE_JOB_NOT_RETRIABLE']);
});
