import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BullmqBackend, Dispatcher, LevelStore, Pipeline } from '@zkinfer/queue';
import { RedisProcess } from '@zkinfer/queue/testing';
import type { CountCase } from '../case.ts';
import { threeDigits } from '../format-measure.ts';

const WORKER = fileURLToPath(new URL('../queue/proving-worker-process.js', import.meta.url));

/** Of a simulated proof. */
const PROOF_MS = 50;
const WORKERS = [1, 2, 4];
const JOBS_PER_WORKER = 100;

export const benchCase: CountCase = {
  kind: 'count',
  title: `jobs a second through worker processes, each proof simulated at ${PROOF_MS} ms`,
  notes: [
    `A worker process does one proof at a time: ${1000 / PROOF_MS} a second at the very best.`,
    `${JOBS_PER_WORKER} jobs a worker, all waiting at the start; on one machine with Redis and service.`,
  ],
  usesThirdParty: false,
  async count(progress) {
    const redis = await RedisProcess.start();
    try {
      const rows: string[][] = [];
      for (const workers of WORKERS) {
        progress.stage(`${workers} workers`);
        const rate = await jobsPerSecond(redis.url, workers);
        const share = (rate * PROOF_MS) / 1000 / workers;
        rows.push([String(workers), threeDigits(rate), `${Math.round(100 * share)} %`]);
      }
      const titles = ['worker processes', 'jobs a second', 'of the best possible'];
      return { columns: titles.map((title) => ({ title, align: 'right' })), rows };
    } finally {
      await redis.stop();
    }
  },
};

async function jobsPerSecond(url: string, workers: number): Promise<number> {
  const prefix = `{bench-${workers}}`;
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-store-'));
  const store = await LevelStore.open(folder);
  const backend = await BullmqBackend.open({ url, prefix });
  const pipeline = new Pipeline({ store });
  const jobs = workers * JOBS_PER_WORKER;
  for (let i = 0; i < jobs; i++) {
    await pipeline.submit({ id: `j-${i}`, route: ['prove'], request: {} });
  }
  const dispatcher = await Dispatcher.start({ pipeline, backend });
  let processes: ChildProcess[] = [];
  try {
    const done = allDone(pipeline, jobs);
    const started = performance.now();
    processes = Array.from({ length: workers }, () =>
      fork(WORKER, [url, prefix, String(PROOF_MS)]),
    );
    await Promise.all(processes.map((process) => once(process, 'message')));
    const ready = performance.now();
    await done;
    // Those that were ready first have begun while the others started: half of it is theirs.
    return jobs / ((performance.now() - (started + ready) / 2) / 1000);
  } finally {
    for (const process of processes) process.kill('SIGKILL');
    await dispatcher.close();
    await backend.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function allDone(pipeline: Pipeline, jobs: number): Promise<void> {
  return new Promise((resolve) => {
    let done = 0;
    const stop = pipeline.onTransition((job) => {
      if (job.outcome !== null) done += 1;
      if (done < jobs) return;
      stop();
      resolve();
    });
  });
}
