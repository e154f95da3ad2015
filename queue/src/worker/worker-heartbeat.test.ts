/** Statuses on their way from workers to a service. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SILENT_LOGGER } from '@zkinfer/core';
import type { WorkerStatus } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import { collectedLogs } from '../testing/collected-logs.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { consumeWorkerStatus, startHeartbeat, tellWorkerStatus } from './worker-heartbeat.ts';

const STATUS: WorkerStatus = {
  workerId: 'one',
  host: 'here',
  processId: 5,
  version: '0.1.0',
  at: 1,
  startedAt: 0,
  engine: 'wasm',
  backends: {},
  concurrency: 1,
  allowedModels: null,
  unusableModels: [],
  running: [],
  proofsDone: 0,
  tasksFailed: 0,
  memoryBytes: 0,
  memoryLimitBytes: 1,
  loadPerCore: 0.5,
  draining: false,
};

let backend: InProcessBackend;
beforeEach(async () => {
  backend = await InProcessBackend.open(new MemoryStore());
});
afterEach(() => backend.close());

/** Everything that a service hears. */
async function listen() {
  const { logger, lines } = collectedLogs();
  const heard: WorkerStatus[] = [];
  await consumeWorkerStatus(backend, (status) => void heard.push(status), logger);
  return { heard, lines };
}

test('a service hears of a worker again and again', async () => {
  let at = 0;
  const options = { intervalMs: 20, logger: SILENT_LOGGER };
  const heartbeat = startHeartbeat(backend, () => ({ ...STATUS, at: ++at }), options);
  const { heard } = await listen();
  await waitUntil(() => heard.length >= 3);
  await heartbeat.stop();
  assert.ok(heard.every((status, i) => i === 0 || status.at > heard[i - 1]!.at));
});

test('while no service listens, the latest status of each worker waits', async () => {
  for (let at = 1; at <= 5; at++) await tellWorkerStatus(backend, { ...STATUS, at });
  await tellWorkerStatus(backend, { ...STATUS, workerId: 'two', at: 9 });
  assert.equal((await backend.counts('workers')).waiting, 2);
  const { heard } = await listen();
  await waitUntil(() => heard.length === 2);
  assert.deepEqual(
    heard.map(({ workerId, at }) => [workerId, at]),
    [
      ['one', 5],
      ['two', 9],
    ],
  );
});

test('a status with very many models is cut to what fits into a task', async () => {
  const digests = Array.from({ length: 500 }, (_, i) => `${i}`.padStart(64, '0'));
  const running = digests.map((modelDigest) => ({
    jobId: modelDigest,
    stage: 'prove' as const,
    modelDigest,
    since: 1_700_000_000_000,
    progress: { step: 'multiply', done: 0.123456789 },
  }));
  const unusableModels = digests.map((modelDigest) => ({
    modelDigest,
    code: 'CORE_ARTIFACT_TAMPERED',
    until: 1_700_000_000_000,
  }));
  const backends = Object.fromEntries(digests.map((digest) => [digest, 'interpreter']));
  const lists = { allowedModels: digests, backends, unusableModels, running };
  await tellWorkerStatus(backend, { ...STATUS, ...lists });
  const { heard } = await listen();
  await waitUntil(() => heard.length === 1);
  assert.deepEqual(heard[0]!.allowedModels?.slice(0, 2), digests.slice(0, 2));
  assert.deepEqual(heard[0]!.running[0], running[0]);
});

test('what is no status, or of another worker, is dropped and told in the log', async () => {
  const enqueue = (id: string, status: object) =>
    backend.enqueue('workers', [{ id, data: JSON.parse(JSON.stringify(status)), priority: 1 }]);
  await enqueue('malformed', { ...STATUS, workerId: 'malformed', engine: 5 });
  await enqueue('impostor', STATUS);
  await enqueue('two', { ...STATUS, workerId: 'two' });
  const { heard, lines } = await listen();
  await waitUntil(() => heard.length === 1 && lines.length === 2);
  await sleep(20);
  assert.deepEqual(
    heard.map(({ workerId }) => workerId),
    ['two'],
  );
  assert.ok(lines.every(({ level }) => level === 'warn'));
});
