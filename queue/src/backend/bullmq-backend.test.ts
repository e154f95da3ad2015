/** What is particular to Redis: it is away, comes back, forgets, or is not fit. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@zkinfer/core/testing';
import { Dispatcher } from '../jobs/dispatcher.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { reportThrough } from '../jobs/reports.ts';
import { startStageWorker } from '../jobs/stage-worker.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { RedisProcess, redisIsAvailable } from '../testing/redis-process.ts';
import { BullmqBackend } from './bullmq-backend.ts';
import type { Delivery, Task } from './job-backend.ts';
import { requireFitRedis, unwiseSettings } from './redis-client.ts';

const QUEUE = 'work';
const LOCK_MS = 1_000;

const taskOf = (id: string): Task => ({ id, data: {}, priority: 1 });

test('a Redis that is too old or that evicts is not fit', () => {
  const fit = { version: '6.2.0', evictionPolicy: 'noeviction', appendOnly: true };
  requireFitRedis(fit);
  requireFitRedis({ ...fit, version: '10.0.1' });
  assert.throws(() => requireFitRedis({ ...fit, version: '6.0.16' }), {
    code: 'QUEUE_REDIS_VERSION',
  });
  assert.throws(() => requireFitRedis({ ...fit, version: '5.9' }), { code: 'QUEUE_REDIS_VERSION' });
  const evicting = { ...fit, evictionPolicy: 'volatile-lru' };
  assert.throws(() => requireFitRedis(evicting), { code: 'QUEUE_REDIS_EVICTION' });
  assert.deepEqual(unwiseSettings(fit), []);
  assert.equal(unwiseSettings({ ...fit, appendOnly: false }).length, 1);
});

test('a Redis that is not there is named, without its password', async () => {
  const opened = BullmqBackend.open({ url: 'redis://user:secret@127.0.0.1:1' });
  await assert.rejects(opened, (error: Error & { code?: string }) => {
    assert.equal(error.code, 'QUEUE_REDIS_UNREACHABLE');
    assert.ok(error.message.includes('127.0.0.1:1'));
    assert.ok(!error.message.includes('secret'));
    return true;
  });
});

if (redisIsAvailable('the tests of failing Redis servers')) {
  const redis = await RedisProcess.start();
  after(() => redis.stop());
  let prefixes = 0;
  const options = () => ({ url: redis.url, prefix: `{test-${prefixes++}}`, lockMs: LOCK_MS });

  test('a Redis that evicts is refused', async () => {
    const evicting = await RedisProcess.start(['--maxmemory-policy', 'allkeys-lru']);
    const opened = BullmqBackend.open({ url: evicting.url });
    await assert.rejects(opened, { code: 'QUEUE_REDIS_EVICTION' });
    await evicting.stop();
  });

  test('when Redis comes back after a crash, all goes on by itself', {
    timeout: 60_000,
  }, async () => {
    const backend = await BullmqBackend.open(options());
    const done = new Set<string>();
    const handler = async ({ id }: Delivery) => {
      await sleep(300);
      done.add(id);
    };
    await backend.consume(QUEUE, handler, { concurrency: 2 });
    await backend.enqueue(QUEUE, ['a', 'b', 'c', 'd'].map(taskOf));
    // On the disk: Redis flushes its log every second.
    await sleep(1_200);
    await backend.enqueue(QUEUE, ['e', 'f', 'g', 'h'].map(taskOf));
    await sleep(1_100);
    await redis.kill();
    await assert.rejects(backend.enqueue(QUEUE, [taskOf('x')]), {
      code: 'QUEUE_BACKEND_UNAVAILABLE',
    });
    assert.equal((await backend.health()).ok, false);
    await sleep(500);
    await redis.resume();
    await waitUntil(async () => (await backend.health()).ok);
    await backend.enqueue(QUEUE, [taskOf('i')]);
    await waitUntil(() => done.size === 9);
    await backend.close();
  });

  test('jobs end although Redis forgets everything', { timeout: 60_000 }, async () => {
    const backend = await BullmqBackend.open(options());
    const pipeline = new Pipeline({ store: new MemoryStore() });
    const dispatcher = await Dispatcher.start({ pipeline, backend, sweepMs: 200 });
    for (let i = 0; i < 10; i++) {
      await pipeline.submit({ id: `job-${i}`, route: HTTP_ROUTE, request: {} });
    }
    await waitUntil(async () => (await backend.counts('fetch')).waiting === 10);
    await redis.wipe();
    for (const name of HTTP_ROUTE) {
      const stage = pipeline.stages[name];
      const handler = async () => ({ result: {} });
      const report = reportThrough(backend);
      await startStageWorker({ backend, stage, handler, report, concurrency: 4 });
    }
    await waitUntil(async () => {
      const jobs = await Promise.all(
        Array.from({ length: 10 }, (_, i) => pipeline.get(`job-${i}`)),
      );
      return jobs.every((job) => job?.outcome?.kind === 'done');
    });
    await dispatcher.close();
    await backend.close();
  });

  test('a task that runs in another process is aborted when it is removed', async () => {
    const shared = options();
    const [service, worker] = [await BullmqBackend.open(shared), await BullmqBackend.open(shared)];
    let [begun, aborted] = [false, false];
    const handler = async ({ signal }: Delivery) => {
      begun = true;
      await once(signal, 'abort');
      aborted = true;
    };
    await worker.consume(QUEUE, handler, { concurrency: 1 });
    await service.enqueue(QUEUE, [taskOf('one')]);
    await waitUntil(() => begun);
    await service.remove(QUEUE, 'one');
    await waitUntil(() => aborted);
    await service.close();
    await worker.close();
  });

  test('closing does not wait for a Redis that is gone', { timeout: 30_000 }, async () => {
    const own = await RedisProcess.start();
    const backend = await BullmqBackend.open({ ...options(), url: own.url });
    await backend.consume(QUEUE, async () => {}, { concurrency: 1 });
    await backend.watchProgress(QUEUE, () => {});
    await own.stop();
    await backend.close();
  });
}
