import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkerStatus } from '@zkinfer/core/service';
import { describeBackends, STALE_AFTER_MS, workerState } from './worker-state.ts';

const IDLE: Pick<WorkerStatus, 'at' | 'draining' | 'running'> = {
  at: 1_000,
  draining: false,
  running: [],
};
const TASK = { jobId: 'h-1', stage: 'prove', modelDigest: '', since: 0, progress: null } as const;

test('a worker is idle, busy, draining, and stale before all else', () => {
  const busy = { ...IDLE, running: [TASK] };
  const draining = { ...busy, draining: true };
  assert.equal(workerState(IDLE, 1_000), 'idle');
  assert.equal(workerState(busy, 1_000), 'busy');
  assert.equal(workerState(draining, 1_000), 'draining');
  assert.equal(workerState(draining, 1_000 + STALE_AFTER_MS), 'draining');
  assert.equal(workerState(draining, 1_001 + STALE_AFTER_MS), 'stale');
});

test('backends are counted, the most used first', () => {
  const backends = { a: 'tensorflow', b: 'interpreter', c: 'interpreter' };
  assert.equal(describeBackends(backends), 'interpreter × 2, tensorflow');
  assert.equal(describeBackends({}), '');
});
