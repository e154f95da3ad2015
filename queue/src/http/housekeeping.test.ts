import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pipeline } from '../jobs/pipeline.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { ClientJobs } from './client-jobs.ts';
import { EnvelopeHolders } from './envelope-holders.ts';

const HOUR_MS = 60 * 60 * 1_000;

test('entries of jobs that are forgotten are removed, others stay', async () => {
  const store = new MemoryStore();
  const pipeline = new Pipeline({ store });
  const clientJobs = new ClientJobs(store, pipeline);
  const now = Date.now();
  await pipeline.submit({ id: 'h-kept', route: HTTP_ROUTE, request: {} });
  await clientJobs.add('alice', 'h-kept', now - 2 * HOUR_MS);
  await clientJobs.add('alice', 'h-forgotten', now - 2 * HOUR_MS);
  // Its job may be about to be made.
  await clientJobs.add('alice', 'h-coming', now);
  assert.equal(await clientJobs.removeOrphans(now), 1);
  assert.equal(await clientJobs.removeOrphans(now + 2 * HOUR_MS), 1);
  const { jobs, next } = await clientJobs.page('alice', { limit: 10 });
  assert.deepEqual([jobs.map(({ id }) => id), next], [['h-kept'], null]);
});

test('who gave an input long ago is forgotten', async () => {
  const holders = new EnvelopeHolders(new MemoryStore());
  await holders.add('5', 'alice');
  assert.equal(await holders.has('5', 'alice'), true);
  assert.equal(await holders.has('5', 'bob'), false);
  assert.equal(await holders.has('55', 'alice'), false);
  assert.equal(await holders.prune(Date.now() - HOUR_MS), 0);
  assert.equal(await holders.prune(Date.now() + 1), 1);
  assert.equal(await holders.has('5', 'alice'), false);
});
