import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OverviewSchema, readSchema } from '@zkinfer/core/service';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { serviceOverview } from './service-overview.ts';
import { Statistics } from './statistics.ts';
import { WorkerRoster } from './worker-roster.ts';

async function setUp() {
  const store = new MemoryStore();
  const backend = await InProcessBackend.open(store);
  const pipeline = new Pipeline({ store });
  const statistics = await Statistics.open({ pipeline });
  const roster = new WorkerRoster();
  const parts = { version: '0.1.0', startedAt: 5, backend, statistics, roster, chains: [] };
  return { backend, pipeline, overview: () => serviceOverview(parts) };
}

test('all at a glance is as its schema says', async () => {
  const { backend, pipeline, overview } = await setUp();
  await pipeline.submit({ id: 'a', route: ['infer'], request: {} });
  await backend.enqueue('infer', [{ id: 'task', data: {}, priority: 1 }]);
  const seen = readSchema(OverviewSchema, await overview(), 'the overview');
  assert.equal(seen.jobs.find(({ status }) => status === 'active')?.count, 1);
  assert.equal(seen.queues.find(({ stage }) => stage === 'infer')?.waiting, 1);
  assert.equal(seen.backend.ok, true);
});

test('a backend that is away is told, not thrown', async () => {
  const { backend, overview } = await setUp();
  await backend.close();
  const seen = readSchema(OverviewSchema, await overview(), 'the overview');
  assert.equal(seen.backend.ok, false);
  assert.deepEqual(seen.queues, []);
});
