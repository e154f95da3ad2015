/** Our pipeline over a backend, with stages that do nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BullmqBackend,
  Dispatcher,
  HTTP_ROUTE,
  InProcessBackend,
  LevelStore,
  Pipeline,
  startStageWorker,
} from '@zkinfer/queue';
import type { JobRunner } from './job-runner.ts';

/** As many as a service has for stages that do not compute. */
const CONCURRENCY = 16;

/** @param redisUrl undefined: in-process */
export async function zkinferRunner(redisUrl: string | undefined): Promise<JobRunner> {
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-store-'));
  const store = await LevelStore.open(folder);
  const backend =
    redisUrl === undefined
      ? await InProcessBackend.open(store)
      : await BullmqBackend.open({ url: redisUrl, prefix: '{bench-zkinfer}' });
  const pipeline = new Pipeline({ store });
  const dispatcher = await Dispatcher.start({ pipeline, backend });
  const consumers = await Promise.all(
    HTTP_ROUTE.map((stage) =>
      startStageWorker({
        backend,
        stage: pipeline.stages[stage],
        handler: () => Promise.resolve({ result: {} }),
        report: (report) => pipeline.apply(report),
        concurrency: CONCURRENCY,
      }),
    ),
  );
  return {
    async run(id) {
      const done = new Promise<void>((resolve) => {
        const stop = pipeline.onTransition((job) => {
          if (job.id !== id || job.outcome === null) return;
          stop();
          resolve();
        });
      });
      await pipeline.submit({ id, route: HTTP_ROUTE, request: {} });
      await done;
    },
    async close() {
      for (const consumer of consumers) await consumer.close();
      await dispatcher.close();
      await backend.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
