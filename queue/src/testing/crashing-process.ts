/** Run as a process: dies of the first task of the stage `fetch` in the place of its argument. */
import { startStageWorker } from '../jobs/stage-worker.ts';
import { DEFAULT_STAGES } from '../jobs/stages.ts';
import { type BackendPlace, openBackend } from './backend-subjects.ts';

// Does not outlive its parent.
process.on('disconnect', () => process.exit());
const { backend } = await openBackend(JSON.parse(process.argv[2]!) as BackendPlace);
await startStageWorker({
  backend,
  stage: DEFAULT_STAGES.fetch,
  handler: async () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
  report: async () => {},
  concurrency: 1,
});
