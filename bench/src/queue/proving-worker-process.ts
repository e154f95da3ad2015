/** Run as a process: does tasks of `prove` at the Redis of the first argument, each taking so long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BullmqBackend, DEFAULT_STAGES, reportThrough, startStageWorker } from '@zkinfer/queue';

const [url, prefix, milliseconds] = process.argv.slice(2);
// Does not outlive its parent.
process.on('disconnect', () => process.exit());
const backend = await BullmqBackend.open({ url: url!, prefix: prefix! });
await startStageWorker({
  backend,
  stage: DEFAULT_STAGES.prove,
  handler: async () => {
    await sleep(Number(milliseconds));
    return { result: {} };
  },
  report: reportThrough(backend),
  concurrency: 1,
});
process.send!('ready');
