import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EnvironmentError } from '@zkinfer/core';
import type { Overview } from '@zkinfer/core/service';
import { CheckedClient } from '../testing/checked-client.ts';
import { completeStage } from '../testing/finish-job.ts';
import { type HttpFixture, removeModels, startHttpFixture } from '../testing/http-fixture.ts';

let fixture: HttpFixture;
let client: CheckedClient;
let overview: () => Promise<Overview>;
before(async () => {
  fixture = await startHttpFixture({ overview: () => overview() });
  client = await CheckedClient.connect(fixture.url);
});
after(async () => {
  await fixture.close();
  await removeModels();
});

const isReady = async () => {
  const { status, body } = await client.get('/readyz', { key: fixture.keyOf.operator });
  assert.equal(body.ready, status === 200);
  return body as { ready: boolean; checks: { name: string; ok: boolean; problems: string[] }[] };
};

test('the process says that it lives, to anybody', async () => {
  const { status, body } = await client.get('/healthz');
  assert.deepEqual([status, body], [200, { status: 'ok' }]);
});

test('ready is a service with a store, a backend, a worker and its chains', async () => {
  overview = async () => fixture.overview;
  assert.deepEqual((await isReady()).ready, true);
});

test('without workers, or with a chain that fails, it is not, and operators learn why', async () => {
  const [worker] = fixture.overview.workers;
  const [chain] = fixture.overview.chains;
  const cases: [Partial<Overview>, string, string][] = [
    [{ workers: [] }, 'workers', 'no worker has been seen lately'],
    [{ workers: [{ ...worker!, draining: true }] }, 'workers', 'no worker has been seen lately'],
    [
      { chains: [{ ...chain!, problem: 'no node answers' }] },
      'chains',
      `chain ${chain!.chainId}: no node answers`,
    ],
  ];
  for (const [change, name, problem] of cases) {
    overview = async () => ({ ...fixture.overview, ...change });
    const { ready, checks } = await isReady();
    assert.equal(ready, false);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [{ name, ok: false, problems: [problem] }],
    );
    const { status, body } = await client.get('/readyz');
    assert.equal(status, 503);
    assert.deepEqual(
      body.checks.flatMap((check: { problems: string[] }) => check.problems),
      [],
    );
  }
});

test('what cannot be asked is a problem, by its code alone', async () => {
  const failure = { code: 'QUEUE_BACKEND_UNAVAILABLE', what: 'redis://:secret@host' };
  overview = () => Promise.reject(new EnvironmentError(failure));
  const failing = (await isReady()).checks.filter(({ ok }) => !ok);
  assert.deepEqual(
    failing.map(({ name, problems }) => [name, ...problems]),
    [
      ['workers', 'QUEUE_BACKEND_UNAVAILABLE'],
      ['chains', 'QUEUE_BACKEND_UNAVAILABLE'],
    ],
  );
});

test('figures tell jobs, stages, queues, workers, chains, requests and the process', async () => {
  overview = async () => fixture.overview;
  const body = { modelDigest: fixture.model.modelDigest, input: { reals: [[3, 4]] } };
  const { body: job } = await client.post('/v1/jobs', { key: fixture.keyOf.client, body });
  await completeStage(fixture, job.id, { envelope: 'ab'.repeat(32), inputHash: '1' });
  await fixture.pipeline.cancel(job.id);
  const { headers, body: text } = await client.get('/metrics', { key: fixture.keyOf.metrics });
  assert.match(headers.get('content-type')!, /^text\/plain/);
  for (const line of [
    'zkinfer_jobs{status="active"} 4',
    'zkinfer_jobs_ended_total{status="cancelled"} 1',
    'zkinfer_stage_duration_seconds_count{stage="fetch"} 1',
    'zkinfer_queue_tasks{stage="prove",state="waiting"} 3',
    'zkinfer_workers{state="idle"} 1',
    'zkinfer_backend_up 1',
    'zkinfer_chain_behind_blocks{chain="11155111"} 12',
    'zkinfer_chain_pending_transactions{chain="11155111"} 1',
    'zkinfer_chain_up{chain="11155111"} 1',
    'zkinfer_update_streams 0',
    'zkinfer_webhooks_waiting 0',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
  }
  const requests = /zkinfer_http_request_duration_seconds_count\{method="POST",route="\/v1\/jobs"/;
  assert.match(text, requests);
  assert.match(text, /^nodejs_eventloop_lag_seconds /m);
});

test('figures are taken anew each time: workers that left are gone', async () => {
  overview = async () => ({ ...fixture.overview, workers: [] });
  const { body } = await client.get('/metrics', { key: fixture.keyOf.metrics });
  assert.equal(/^zkinfer_workers\{.*\} [1-9]/m.test(body), false);
});

test('paths of nobody are one label, however many there are', async () => {
  for (let i = 0; i < 5; i++) await client.get(`/nothing-${i}`);
  overview = async () => fixture.overview;
  const { body } = await client.get('/metrics', { key: fixture.keyOf.metrics });
  assert.match(body, /_count\{method="GET",route="none",status="404"\} 5/);
  assert.equal(body.includes('nothing-'), false);
});
