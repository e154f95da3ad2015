/**
 * What one would write on BullMQ alone: a queue and a worker for each stage, each adding to the next.
 * Nothing but Redis knows of the jobs; there are no deadlines, fences or outcomes.
 */
import { HTTP_ROUTE } from '@zkinfer/queue';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobRunner } from './job-runner.ts';

const PREFIX = '{bench-plain}';
const CONCURRENCY = 16;

export async function plainBullmqRunner(redisUrl: string): Promise<JobRunner> {
  const waiting = new Map<string, () => void>();
  const producer = new Redis(redisUrl);
  const clients = [producer];
  const queues = HTTP_ROUTE.map(
    (stage) => new Queue(stage, { connection: producer, prefix: PREFIX }),
  );
  const workers = HTTP_ROUTE.map((stage, i) => {
    const client = new Redis(redisUrl, { maxRetriesPerRequest: null });
    clients.push(client);
    return new Worker(
      stage,
      async ({ id }) => {
        const next = queues[i + 1];
        if (next === undefined) waiting.get(id!)?.();
        else await next.add('job', {}, { jobId: id! });
      },
      { connection: client, prefix: PREFIX, concurrency: CONCURRENCY },
    );
  });
  await Promise.all([...queues, ...workers].map((each) => each.waitUntilReady()));
  return {
    async run(id) {
      const done = new Promise<void>((resolve) => waiting.set(id, resolve));
      await queues[0]!.add('job', {}, { jobId: id });
      await done;
      waiting.delete(id);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(queues.map((queue) => queue.close()));
      for (const client of clients) client.disconnect();
    },
  };
}
