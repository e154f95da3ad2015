/** What every backend must do, run on all of them. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { announceSeed, seededRandom, waitUntil } from '@zkinfer/core/testing';
import {
  type BackendPlace,
  backendSubjects,
  type OpenedBackend,
  openBackend,
} from '../testing/backend-subjects.ts';
import {
  type Delivery,
  type JobBackend,
  LARGEST_TASK_BYTES,
  PRIORITIES,
  type Task,
} from './job-backend.ts';

const random = seededRandom(announceSeed());
const HOLDER = new URL('../testing/holding-process.js', import.meta.url);
const QUEUE = 'work';

const taskOf = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  data: { ref: id },
  priority: 100,
  ...more,
});

/** A process that holds a task of a place's queue. */
async function holdingProcess(place: BackendPlace) {
  const holder = fork(HOLDER, [JSON.stringify(place)]);
  await once(holder, 'message');
  const kill = async () => {
    holder.kill('SIGKILL');
    await once(holder, 'close');
  };
  return { kill };
}

const subjects = await backendSubjects();
for (const subject of subjects) {
  after(() => subject.stop());

  const check = (
    name: string,
    body: (backend: JobBackend, place: BackendPlace, opened: OpenedBackend) => Promise<void>,
  ) =>
    test(`${subject.name}: ${name}`, { timeout: 60_000 }, async () => {
      const place = subject.place();
      const opened = await openBackend(place);
      try {
        await body(opened.backend, place, opened);
      } finally {
        await opened.close();
      }
    });

  check('delivers a task once, with its data', async (backend) => {
    const deliveries: Delivery[] = [];
    await backend.consume(QUEUE, async (d) => void deliveries.push(d), { concurrency: 2 });
    const data = { text: 'ключ', list: [1, null, { x: 0.5 }] };
    await backend.enqueue(QUEUE, [taskOf('one', { data }), taskOf('two')]);
    await waitUntil(() => deliveries.length === 2);
    await sleep(100);
    assert.deepEqual(deliveries.map(({ id }) => id).sort(), ['one', 'two']);
    assert.deepEqual(deliveries.find(({ id }) => id === 'one')?.data, data);
    assert.equal(deliveries[0]?.crashes, 0);
  });

  check('keeps queues apart', async (backend) => {
    const ids: string[] = [];
    await backend.enqueue('other', [taskOf('one')]);
    await backend.enqueue(QUEUE, [taskOf('two')]);
    await backend.consume(QUEUE, async ({ id }) => void ids.push(id), { concurrency: 1 });
    await waitUntil(() => ids.length === 1);
    assert.deepEqual(ids, ['two']);
    assert.deepEqual(await backend.states('other', ['one', 'two']), ['waiting', 'unknown']);
  });

  check('delivers by priority, equal ones in the order in which they came', async (backend) => {
    const tasks = Array.from({ length: 40 }, (_, i) =>
      taskOf(`t${i}`, { priority: random.pick([PRIORITIES.first, 7, 8, PRIORITIES.last]) }),
    );
    await backend.enqueue(QUEUE, tasks.slice(0, 25));
    await backend.enqueue(QUEUE, tasks.slice(25));
    const ids: string[] = [];
    await backend.consume(QUEUE, async ({ id }) => void ids.push(id), { concurrency: 1 });
    await waitUntil(() => ids.length === tasks.length);
    const expected = tasks.toSorted((a, b) => a.priority - b.priority).map(({ id }) => id);
    assert.deepEqual(ids, expected);
  });

  check('leaves a task whose id it knows as it is', async (backend) => {
    const seen: unknown[] = [];
    const gate = new EventEmitter();
    await backend.enqueue(QUEUE, [taskOf('one', { data: { n: 1 } })]);
    await backend.enqueue(QUEUE, [taskOf('one', { data: { n: 2 } })]);
    const handler = async ({ data }: Delivery) => {
      seen.push(data.n);
      await once(gate, 'open');
    };
    await backend.consume(QUEUE, handler, { concurrency: 2 });
    await waitUntil(() => seen.length === 1);
    await Promise.all(
      [3, 4, 5].map((n) => backend.enqueue(QUEUE, [taskOf('one', { data: { n } })])),
    );
    gate.emit('open');
    await waitUntil(async () => (await backend.counts(QUEUE)).running === 0);
    await sleep(100);
    assert.deepEqual(seen, [1]);
  });

  check('of an id that is enqueued many times at once, delivers one', async (backend) => {
    let deliveries = 0;
    await backend.consume(QUEUE, async () => void deliveries++, { concurrency: 4 });
    await Promise.all(
      Array.from({ length: 20 }, () => backend.enqueue(QUEUE, [taskOf('a'), taskOf('a')])),
    );
    await waitUntil(() => deliveries > 0);
    await sleep(200);
    assert.equal(deliveries, 1);
  });

  check('holds a delayed task back for its delay, then delivers it', async (backend) => {
    const ids: string[] = [];
    const start = Date.now();
    let deliveredAt = 0;
    await backend.enqueue(QUEUE, [taskOf('late', { delayMs: 400, priority: 1 }), taskOf('soon')]);
    assert.deepEqual(await backend.counts(QUEUE), { waiting: 1, delayed: 1, running: 0 });
    assert.deepEqual(await backend.states(QUEUE, ['late']), ['waiting']);
    const handler = async ({ id }: Delivery) => {
      ids.push(id);
      deliveredAt = Date.now();
    };
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => ids.length === 2);
    assert.deepEqual(ids, ['soon', 'late']);
    assert.ok(deliveredAt >= start + 400);
  });

  check('delivers again, after a while, what a handler threw', async (backend) => {
    const times: number[] = [];
    const crashes: number[] = [];
    const handler = async (delivery: Delivery) => {
      times.push(Date.now());
      crashes.push(delivery.crashes);
      if (times.length < 2) throw new Error('the report failed');
    };
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => times.length === 2);
    assert.ok(times[1]! - times[0]! >= 900);
    assert.deepEqual(crashes, [0, 0]);
  });

  check('a task that is handed back is delivered after its delay, as if new', async (backend) => {
    const deliveries: { id: string; at: number; crashes: number }[] = [];
    const handler = async ({ id, crashes, handBack }: Delivery) => {
      deliveries.push({ id, crashes, at: Date.now() });
      if (deliveries.length < 4) handBack(200);
    };
    await backend.enqueue(QUEUE, [taskOf('one', { data: { n: 1 } })]);
    const before = Date.now();
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => deliveries.length === 1);
    await waitUntil(async () => (await backend.counts(QUEUE)).delayed === 1);
    assert.deepEqual(await backend.states(QUEUE, ['one']), ['waiting']);
    await waitUntil(() => deliveries.length === 4);
    await waitUntil(async () => (await backend.counts(QUEUE)).running === 0);
    await sleep(300);
    assert.equal(deliveries.length, 4);
    assert.ok(deliveries.every(({ id, crashes }) => id === 'one' && crashes === 0));
    // Three delays of its own choice, not those that grow after failures.
    assert.ok(deliveries[3]!.at - before >= 600);
  });

  check('a task that one consumer hands back is done by another', async (backend) => {
    const done: string[] = [];
    let refused = 0;
    const picky = async ({ handBack }: Delivery) => {
      refused += 1;
      handBack(20);
    };
    await backend.consume(QUEUE, picky, { concurrency: 1 });
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await waitUntil(() => refused >= 2);
    const willing = async ({ id }: Delivery) => void done.push(id);
    await backend.consume(QUEUE, willing, { concurrency: 1 });
    await waitUntil(() => done.length === 1);
  });

  check('a task that is removed while it is held back is not delivered', async (backend) => {
    let deliveries = 0;
    const handler = async ({ handBack }: Delivery) => {
      deliveries += 1;
      handBack(150);
    };
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(async () => (await backend.counts(QUEUE)).delayed === 1);
    await backend.remove(QUEUE, 'one');
    await sleep(400);
    assert.equal(deliveries, 1);
  });

  check('a consumer has as many tasks as it may, and no more', async (backend) => {
    let [running, most] = [0, 0];
    const tasks = Array.from({ length: 12 }, (_, i) => taskOf(`t${i}`));
    await backend.enqueue(QUEUE, tasks);
    let done = 0;
    const handler = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(60);
      running -= 1;
      done += 1;
    };
    await backend.consume(QUEUE, handler, { concurrency: 3 });
    await waitUntil(() => done === tasks.length);
    assert.equal(most, 3);
  });

  check('consumers of a queue share its tasks', async (backend) => {
    const ids: string[][] = [[], []];
    const tasks = Array.from({ length: 20 }, (_, i) => taskOf(`t${i}`));
    for (const mine of ids) {
      const handler = async ({ id }: Delivery) => {
        mine.push(id);
        await sleep(20);
      };
      await backend.consume(QUEUE, handler, { concurrency: 1 });
    }
    await backend.enqueue(QUEUE, tasks);
    await waitUntil(() => ids.flat().length === tasks.length);
    assert.deepEqual(ids.flat().sort(), tasks.map(({ id }) => id).sort());
    assert.ok(ids.every((mine) => mine.length > 0));
  });

  check('a task that waits and is removed is not delivered', async (backend) => {
    const ids: string[] = [];
    await backend.enqueue(QUEUE, [taskOf('one'), taskOf('late', { delayMs: 50 }), taskOf('two')]);
    await backend.remove(QUEUE, 'one');
    await backend.remove(QUEUE, 'late');
    await backend.remove(QUEUE, 'never-there');
    assert.deepEqual(await backend.states(QUEUE, ['one', 'late']), ['unknown', 'unknown']);
    await backend.consume(QUEUE, async ({ id }) => void ids.push(id), { concurrency: 1 });
    await waitUntil(() => ids.length > 0);
    await sleep(200);
    assert.deepEqual(ids, ['two']);
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await waitUntil(() => ids.length === 2);
  });

  check('a running task that is removed is aborted and not delivered again', async (backend) => {
    const reasons: unknown[] = [];
    const handler = async ({ signal }: Delivery) => {
      reasons.push(undefined);
      await once(signal, 'abort');
      reasons[reasons.length - 1] = (signal.reason as { code: string }).code;
      throw signal.reason;
    };
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => reasons.length === 1);
    await backend.remove(QUEUE, 'one');
    await waitUntil(async () => (await backend.counts(QUEUE)).running === 0);
    await sleep(1_200);
    assert.deepEqual(reasons, ['QUEUE_TASK_REMOVED']);
  });

  check('tells watchers of a queue its progress', async (backend) => {
    const heard: unknown[] = [];
    const stop = await backend.watchProgress(QUEUE, (id, progress) => heard.push([id, progress]));
    await backend.watchProgress('other', () => heard.push('wrong'));
    const handler = async ({ reportProgress }: Delivery) => {
      reportProgress({ stage: 'prove', done: 0.5 });
      await sleep(50);
    };
    await backend.consume(QUEUE, handler, { concurrency: 1 });
    await backend.enqueue(QUEUE, [taskOf('one')]);
    await waitUntil(() => heard.length > 0);
    assert.deepEqual(heard, [['one', { stage: 'prove', done: 0.5 }]]);
    await stop();
  });

  check('closing waits for running tasks and takes no more', async (backend) => {
    const [started, ended]: string[][] = [[], []];
    const handler = async ({ id }: Delivery) => {
      started!.push(id);
      await sleep(150);
      ended!.push(id);
    };
    await backend.enqueue(QUEUE, [taskOf('one'), taskOf('two')]);
    const consumer = await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => started!.length === 1);
    await consumer.close({ graceMs: 10_000 });
    await consumer.close();
    assert.deepEqual([started, ended], [['one'], ['one']]);
    assert.deepEqual(await backend.states(QUEUE, ['two']), ['waiting']);
  });

  check(
    'a task aborted by closing goes to another consumer, and counts no crash',
    async (backend) => {
      const seen: [string, number][] = [];
      const first = async ({ signal }: Delivery) => {
        seen.push(['first', 0]);
        await once(signal, 'abort');
        throw signal.reason;
      };
      await backend.enqueue(QUEUE, [taskOf('one')]);
      const consumer = await backend.consume(QUEUE, first, { concurrency: 1 });
      await waitUntil(() => seen.length === 1);
      await consumer.close({ graceMs: 50 });
      const second = async ({ crashes }: Delivery) => void seen.push(['second', crashes]);
      await backend.consume(QUEUE, second, { concurrency: 1 });
      await waitUntil(() => seen.length === 2);
      assert.deepEqual(seen, [
        ['first', 0],
        ['second', 0],
      ]);
    },
  );

  check('closing ends although a handler does not', async (backend) => {
    let started = false;
    const handler = async () => {
      started = true;
      await new Promise(() => {});
    };
    await backend.enqueue(QUEUE, [taskOf('one')]);
    const consumer = await backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => started);
    await consumer.close({ graceMs: 0, abortMs: 50 });
  });

  check('tasks that wait survive closing and opening again', async (_, place, opened) => {
    await opened.backend.enqueue(QUEUE, [
      taskOf('low', { priority: 9 }),
      taskOf('late', { delayMs: 300, priority: 1 }),
      taskOf('high', { priority: 2 }),
    ]);
    await opened.close();
    const again = await openBackend(place);
    const ids: string[] = [];
    await again.backend.consume(QUEUE, async ({ id }) => void ids.push(id), { concurrency: 1 });
    await waitUntil(() => ids.length === 3);
    assert.deepEqual(
      ids.filter((id) => id !== 'late'),
      ['high', 'low'],
    );
    await again.close();
  });

  check('a task whose process is killed is delivered elsewhere', async (backend, place, opened) => {
    await backend.enqueue(QUEUE, [taskOf('one')]);
    // The store of the in-process backend has one process at a time.
    await opened.close();
    for (let kills = 0; kills < 2; kills++) await (await holdingProcess(place)).kill();
    const again = await openBackend(place);
    const crashes: number[] = [];
    const handler = async (delivery: Delivery) => void crashes.push(delivery.crashes);
    await again.backend.consume(QUEUE, handler, { concurrency: 1 });
    await waitUntil(() => crashes.length > 0);
    await sleep(100);
    assert.deepEqual(crashes, [2]);
    await again.close();
  });

  for (const [what, task] of Object.entries({
    'an id with a colon': taskOf('a:b'),
    'an id of digits': taskOf('17'),
    'an empty id': taskOf(''),
    'a priority of 0': taskOf('a', { priority: 0 }),
    'a priority that is too low': taskOf('a', { priority: PRIORITIES.last + 1 }),
    'data that are too large': taskOf('a', { data: { x: 'x'.repeat(LARGEST_TASK_BYTES) } }),
  })) {
    check(`refuses ${what}`, async (backend) => {
      const enqueued = backend.enqueue(QUEUE, [taskOf('fine'), task]);
      await assert.rejects(enqueued, { code: 'QUEUE_TASK_INVALID' });
      assert.deepEqual(await backend.states(QUEUE, ['fine']), ['unknown']);
    });
  }

  check('closed, it says so; closing twice does no harm', async (backend, _, opened) => {
    assert.equal((await backend.health()).ok, true);
    await opened.close();
    await backend.close();
    const closed = { code: 'QUEUE_BACKEND_CLOSED' };
    await assert.rejects(backend.enqueue(QUEUE, [taskOf('one')]), closed);
    await assert.rejects(
      backend.consume(QUEUE, async () => {}, { concurrency: 1 }),
      closed,
    );
    assert.equal((await backend.health()).ok, false);
  });
}
