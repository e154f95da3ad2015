import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BullmqBackend,
  Dispatcher,
  HTTP_ROUTE,
  InProcessBackend,
  type JobBackend,
  LevelStore,
  Pipeline,
  type Store,
} from '@zkinfer/queue';
import { RedisProcess } from '@zkinfer/queue/testing';
import type { CountCase } from '../case.ts';
import { threeDigits } from '../format-measure.ts';

const JOBS = 10_000;

type OpenBackend = (store: Store) => Promise<JobBackend>;

export const benchCase: CountCase = {
  kind: 'count',
  title: `restart with ${JOBS} jobs waiting, until all of them are in their queues again`,
  notes: [
    'Opening the store, then making sure of a task for every job. `lost`: Redis was wiped meanwhile.',
  ],
  usesThirdParty: false,
  async count(progress) {
    const redis = await RedisProcess.start();
    try {
      const bullmq: OpenBackend = () =>
        BullmqBackend.open({ url: redis.url, prefix: '{bench-restart}' });
      const rows: string[][] = [];
      const nothing = () => Promise.resolve();
      for (const [name, open, meanwhile] of [
        ['in one process', (store) => InProcessBackend.open(store), nothing],
        ['BullMQ', bullmq, nothing],
        ['BullMQ, lost', bullmq, () => redis.wipe()],
      ] as readonly (readonly [string, OpenBackend, () => Promise<void>])[]) {
        progress.stage(name);
        rows.push([name, `${threeDigits((await restartMs(open, meanwhile)) / 1000)} s`]);
      }
      const titles = ['backend', 'restart'];
      return {
        columns: titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
        rows,
      };
    } finally {
      await redis.stop();
    }
  },
};

async function restartMs(open: OpenBackend, meanwhile: () => Promise<void>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-store-'));
  try {
    await withService(folder, open, async (pipeline) => {
      const submit = (i: number) =>
        pipeline.submit({ id: `j-${i}`, route: HTTP_ROUTE, request: {} });
      await Promise.all(Array.from({ length: JOBS }, (_, i) => submit(i)));
    });
    await meanwhile();
    const started = performance.now();
    let ended = 0;
    await withService(folder, open, () => {
      ended = performance.now();
      return Promise.resolve();
    });
    return ended - started;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withService(
  folder: string,
  open: OpenBackend,
  use: (pipeline: Pipeline) => Promise<void>,
): Promise<void> {
  const store = await LevelStore.open(folder);
  const backend = await open(store);
  const pipeline = new Pipeline({ store });
  const dispatcher = await Dispatcher.start({ pipeline, backend });
  await use(pipeline);
  await dispatcher.close();
  await backend.close();
  await store.close();
}
