/**
 * Run as a process: works on all stages of an HTTP job at the place of the first argument, each try
 * taking some milliseconds, until it is killed or told to stop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { reportThrough } from '../jobs/reports.ts';
import { startStageWorker } from '../jobs/stage-worker.ts';
import { DEFAULT_STAGES, HTTP_ROUTE } from '../jobs/stages.ts';
import { type BackendPlace, openBackend } from './backend-subjects.ts';

// Does not outlive its parent.
process.on('disconnect', () => process.exit());
const { backend } = await openBackend(JSON.parse(process.argv[2]!) as BackendPlace);
for (const name of HTTP_ROUTE) {
  await startStageWorker({
    backend,
    // Random kills may meet the same job more often than a poisoned one would be tried.
    stage: { ...DEFAULT_STAGES[name], maxCrashes: 50 },
    handler: async ({ jobId, stage }) => {
      await sleep(5);
      return { result: { jobId, stage } };
    },
    report: reportThrough(backend),
    concurrency: 8,
  });
}
process.send!('ready');
