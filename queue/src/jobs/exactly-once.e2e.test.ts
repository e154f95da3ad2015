/** A thousand jobs through Redis, with two workers that are killed again and again. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { LevelStore } from '../store/level-store.ts';
import { type BackendPlace, openBackend } from '../testing/backend-subjects.ts';
import { RedisProcess, redisIsAvailable } from '../testing/redis-process.ts';
import { Dispatcher } from './dispatcher.ts';
import { Pipeline } from './pipeline.ts';
import { HTTP_ROUTE } from './stages.ts';

const WORKER = new URL('../testing/stage-worker-process.js', import.meta.url);
const JOBS = 1_000;
const KILLS = 20;

const random = seededRandom(announceSeed());

class Workers {
  readonly #place: BackendPlace;
  readonly #processes: ChildProcess[] = [];

  constructor(place: BackendPlace) {
    this.#place = place;
  }

  async start(index: number): Promise<void> {
    const worker = fork(WORKER, [JSON.stringify(this.#place)]);
    this.#processes[index] = worker;
    await once(worker, 'message');
  }

  async kill(index: number): Promise<void> {
    const worker = this.#processes[index]!;
    const closed = once(worker, 'close');
    worker.kill('SIGKILL');
    await closed;
  }
}

/** Pipeline and dispatcher over a store and a place, as a service has them. */
async function startService(directory: string, place: BackendPlace, effects: string[]) {
  const store = await LevelStore.open(directory);
  const opened = await openBackend(place);
  const pipeline = new Pipeline({ store });
  pipeline.onTransition((job, before) => {
    if (before !== undefined) effects.push(`${job.id} ${before.stage}`);
  });
  const { backend } = opened;
  const dispatcher = await Dispatcher.start({ pipeline, backend, sweepMs: 500 });
  const close = async () => {
    await dispatcher.close();
    await opened.close();
    await store.close();
  };
  return { pipeline, close };
}

async function countDone(pipeline: Pipeline): Promise<number> {
  let done = 0;
  for await (const _ of pipeline.list({ status: 'done' })) done += 1;
  return done;
}

if (redisIsAvailable('a thousand jobs through Redis')) {
  test('every job ends once, whatever is killed', { timeout: 15 * 60_000 }, async () => {
    const redis = await RedisProcess.start();
    const directory = await mkdtemp(join(tmpdir(), 'zkinfer-exactly-once-'));
    const place = { kind: 'bullmq', url: redis.url, prefix: '{exactly-once}' } as const;
    const effects: string[] = [];
    let service = await startService(directory, place, effects);
    const workers = new Workers(place);
    await Promise.all([workers.start(0), workers.start(1)]);

    const ids = Array.from({ length: JOBS }, (_, i) => `job-${i}`);
    for (const id of ids) await service.pipeline.submit({ id, route: HTTP_ROUTE, request: { id } });
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(random.int(50, 400));
      const victim = random.int(0, 1);
      await workers.kill(victim);
      if (kill === KILLS / 2) {
        await redis.kill();
        await redis.resume();
      }
      if (kill === KILLS / 4) {
        await service.close();
        service = await startService(directory, place, effects);
      }
      await workers.start(victim);
    }
    while ((await countDone(service.pipeline)) < JOBS) await sleep(200);
    await Promise.all([workers.kill(0), workers.kill(1)]);

    for (const id of ids) {
      const job = (await service.pipeline.get(id))!;
      for (const stage of HTTP_ROUTE) assert.deepEqual(job.results[stage], { jobId: id, stage });
      assert.equal(job.fence, HTTP_ROUTE.length);
    }
    const expected = ids.flatMap((id) => HTTP_ROUTE.map((stage) => `${id} ${stage}`));
    assert.deepEqual(effects.sort(), expected.sort());
    await service.close();
    await redis.stop();
    await rm(directory, { recursive: true });
  });
}
