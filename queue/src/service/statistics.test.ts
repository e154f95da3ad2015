import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NATIVE_TOKEN } from '@zkinfer/verifier-contracts';
import type { JobStatus } from '../jobs/job-record.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { CHAIN_ROUTE, HTTP_ROUTE, type StageName } from '../jobs/stages.ts';
import type { JsonObject } from '../json-value.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { Statistics } from './statistics.ts';

const HOUR = 3_600_000;
const START = 1_000 * HOUR;

const CONFIRMED = {
  transactionHash: `0x${'ab'.repeat(32)}`,
  blockNumber: 7,
  gasUsed: '250000',
  cost: '1000',
  earned: '5000',
  token: NATIVE_TOKEN,
  callbackSucceeded: null,
};

async function setUp() {
  const clock = { now: START };
  const pipeline = new Pipeline({ store: new MemoryStore(), now: () => clock.now });
  const open = () => Statistics.open({ pipeline, now: () => clock.now });
  const complete = async (id: string, afterMs: number, result: JsonObject = {}) => {
    clock.now += afterMs;
    const { fence } = (await pipeline.get(id))!;
    await pipeline.apply({ jobId: id, fence, kind: 'completed', result, finishes: false });
  };
  const fail = async (id: string) => {
    const { fence } = (await pipeline.get(id))!;
    const error = { code: 'WHY', class: 'fatal' } as const;
    await pipeline.apply({ jobId: id, fence, kind: 'error', error });
  };
  return { clock, pipeline, open, complete, fail };
}

function countOf(statistics: Statistics, status: JobStatus) {
  return statistics.jobs.find((entry) => entry.status === status)?.count;
}

function latencyOf(statistics: Statistics, stage: StageName) {
  return statistics.latencies.find((entry) => entry.stage === stage);
}

test('jobs are counted by their status as it changes', async () => {
  const { pipeline, open, complete, fail } = await setUp();
  const statistics = await open();
  for (const id of ['a', 'b', 'c']) await pipeline.submit({ id, route: ['infer'], request: {} });
  await complete('a', 5);
  await fail('b');
  assert.equal(countOf(statistics, 'active'), 1);
  assert.equal(countOf(statistics, 'done'), 1);
  assert.equal(countOf(statistics, 'failed'), 1);
  await pipeline.retry('b');
  assert.equal(countOf(statistics, 'active'), 2);
  assert.equal(countOf(statistics, 'failed'), 0);
});

test('a latency is from when a stage could begin to its completion', async () => {
  const { pipeline, open, complete } = await setUp();
  const statistics = await open();
  for (const [id, ms] of [
    ['a', 100],
    ['b', 300],
  ] as const) {
    await pipeline.submit({ id, route: HTTP_ROUTE, request: {} });
    await complete(id, 10);
    await complete(id, ms);
  }
  const infer = latencyOf(statistics, 'infer')!;
  assert.deepEqual([infer.count, infer.p50Ms, infer.p95Ms], [2, 100, 300]);
  assert.equal(latencyOf(statistics, 'fetch')?.p99Ms, 10);
  assert.deepEqual(latencyOf(statistics, 'prove'), {
    stage: 'prove',
    count: 0,
    p50Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
  });
});

test('minutes tell of jobs, durations, gas and money, for an hour', async () => {
  const { clock, pipeline, open, complete } = await setUp();
  const statistics = await open();
  await pipeline.submit({ id: 'a', route: ['confirm'], request: {} });
  await complete('a', 60_000, CONFIRMED);
  const [before, last] = statistics.minutes.slice(-2);
  assert.equal(statistics.minutes.length, 60);
  assert.deepEqual([before?.submitted, before?.done, before?.p50Ms], [1, 0, null]);
  assert.deepEqual([last?.submitted, last?.done, last?.p50Ms], [0, 1, 60_000]);
  assert.deepEqual([last?.gasUsed, last?.spent, last?.earned], ['250000', '1000', '5000']);
  clock.now += 2 * HOUR;
  assert.ok(statistics.minutes.every(({ submitted, done }) => submitted + done === 0));
});

test('after a restart it goes on about where it was', async () => {
  const { pipeline, open, complete, fail } = await setUp();
  const first = await open();
  for (const id of ['a', 'b']) await pipeline.submit({ id, route: CHAIN_ROUTE, request: {} });
  for (const stage of CHAIN_ROUTE) await complete('a', 20, stage === 'confirm' ? CONFIRMED : {});
  await fail('b');
  const second = await open();
  assert.deepEqual(second.jobs, first.jobs);
  assert.deepEqual(second.minutes, first.minutes);
  assert.deepEqual(second.latencies, first.latencies);
});

test('a settlement of another shape is not counted, and does no harm', async () => {
  const { pipeline, open, complete } = await setUp();
  const statistics = await open();
  await pipeline.submit({ id: 'a', route: ['confirm'], request: {} });
  await complete('a', 5, { gasUsed: 'much' });
  assert.equal(countOf(statistics, 'done'), 1);
  assert.equal(statistics.minutes.at(-1)?.gasUsed, '0');
});

test('what was earned in a token is not added to what was earned in wei', async () => {
  const { pipeline, open, complete } = await setUp();
  const statistics = await open();
  await pipeline.submit({ id: 'a', route: ['confirm'], request: {} });
  await complete('a', 5, { ...CONFIRMED, token: `0x${'12'.repeat(20)}` });
  const { gasUsed, earned } = statistics.minutes.at(-1)!;
  assert.deepEqual([gasUsed, earned], ['250000', '0']);
});

test('forgotten jobs count no more, and a closed one counts nothing', async () => {
  const { pipeline, open, complete } = await setUp();
  const statistics = await open();
  await pipeline.submit({ id: 'a', route: ['infer'], request: {} });
  await complete('a', 5);
  statistics.forget('done', 1);
  assert.equal(countOf(statistics, 'done'), 0);
  statistics.close();
  await pipeline.submit({ id: 'b', route: ['infer'], request: {} });
  assert.equal(countOf(statistics, 'active'), 0);
});
