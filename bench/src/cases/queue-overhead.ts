import { RedisProcess } from '@zkinfer/queue/testing';
import type { CountCase } from '../case.ts';
import { threeDigits } from '../format-measure.ts';
import { type JobRunner, measureLatencies } from '../queue/job-runner.ts';
import { percentilesOf } from '../queue/percentiles.ts';
import { plainBullmqRunner } from '../queue/plain-bullmq-runner.ts';
import { zkinferRunner } from '../queue/zkinfer-runner.ts';

/** Jobs a second, and how many: as many seconds as give enough samples. */
const RATES = [
  { jobsPerSecond: 1, jobs: 15 },
  { jobsPerSecond: 10, jobs: 100 },
  { jobsPerSecond: 100, jobs: 1_000 },
] as const;

const WARM_UPS = 20;

export const benchCase: CountCase = {
  kind: 'count',
  title: 'time from submission to result of a job of three stages that do nothing',
  notes: [
    'zkinfer commits every transition to disk before it counts; plain BullMQ keeps jobs in Redis alone (appendonly, synced each second).',
    'Jobs come at a fixed rate, whether earlier ones are done or not; everything on one machine.',
  ],
  usesThirdParty: false,
  async count(progress) {
    const redis = await RedisProcess.start();
    try {
      const contestants: readonly (readonly [string, () => Promise<JobRunner>])[] = [
        ['plain BullMQ', () => plainBullmqRunner(redis.url)],
        ['zkinfer on BullMQ', () => zkinferRunner(redis.url)],
        ['zkinfer in one process', () => zkinferRunner(undefined)],
      ];
      const rows: string[][] = [];
      for (const [name, open] of contestants) {
        progress.stage(name);
        rows.push(...(await rowsOf(name, await open())));
      }
      const align = (i: number) => (i === 0 ? 'left' : 'right');
      const titles = ['queue', 'jobs a second', 'p50', 'p95', 'p99'];
      return { columns: titles.map((title, i) => ({ title, align: align(i) })), rows };
    } finally {
      await redis.stop();
    }
  },
};

async function rowsOf(name: string, runner: JobRunner): Promise<string[][]> {
  try {
    for (let i = 0; i < WARM_UPS; i++) await runner.run(`w-${i}`);
    const rows: string[][] = [];
    for (const { jobsPerSecond, jobs } of RATES) {
      const { p50, p95, p99 } = percentilesOf(await measureLatencies(runner, jobsPerSecond, jobs));
      const cells = [p50, p95, p99].map((each) => `${threeDigits(each)} ms`);
      rows.push([name, String(jobsPerSecond), ...cells]);
    }
    return rows;
  } finally {
    await runner.close();
  }
}
