import type { CountCase } from '../case.ts';
import { threeDigits } from '../format-measure.ts';
import { IRIS } from '../models/trained-models.ts';
import { type JobRunner, measureLatencies } from '../queue/job-runner.ts';
import { percentilesOf } from '../queue/percentiles.ts';
import { serviceRunner } from '../queue/service-runner.ts';

/** One after the other. */
const SERIAL_JOBS = 100;

/** Whether earlier ones are done or not: what comes at once, waits. */
const RATE = { jobsPerSecond: 1, jobs: 100 } as const;

const WARM_UPS = 5;

export const benchCase: CountCase = {
  kind: 'count',
  title: 'time from submission over HTTP to the result with its proof, iris',
  notes: [
    'The service of `zkinfer serve` with its queue in one process, one proof at a time; the client is in the same process, and follows each job by its stream of updates.',
    'Each job: input submitted, network run, witness, proof, result fetched. Every transition is on disk before it counts.',
  ],
  usesThirdParty: false,
  async count(progress) {
    progress.stage('compilation, setup and start');
    const runner = await serviceRunner(IRIS);
    try {
      for (let i = 0; i < WARM_UPS; i++) await runner.run(`w-${i}`);
      progress.stage(`${SERIAL_JOBS} jobs, one after the other`);
      const serial = await serialLatencies(runner);
      progress.stage(`${RATE.jobs} jobs, ${RATE.jobsPerSecond} a second`);
      const open = await measureLatencies(runner, RATE.jobsPerSecond, RATE.jobs);
      const titles = ['jobs', 'p50', 'p95', 'p99'];
      return {
        columns: titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
        rows: [
          [`${SERIAL_JOBS}, one after the other`, ...cellsOf(serial)],
          [`${RATE.jobs}, ${RATE.jobsPerSecond} a second`, ...cellsOf(open)],
        ],
      };
    } finally {
      await runner.close();
    }
  },
};

async function serialLatencies(runner: JobRunner): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < SERIAL_JOBS; i++) {
    const before = performance.now();
    await runner.run(`s-${i}`);
    latencies.push(performance.now() - before);
  }
  return latencies;
}

function cellsOf(latencies: readonly number[]): string[] {
  const { p50, p95, p99 } = percentilesOf(latencies);
  return [p50, p95, p99].map((each) => `${threeDigits(each)} ms`);
}
