/**
 * Run as a process: takes a task of the queue `work` in the place of the first argument, tells its
 * parent, and never ends it.
 */
import { type BackendPlace, openBackend } from './backend-subjects.ts';

// Does not outlive its parent.
process.on('disconnect', () => process.exit());
const place = JSON.parse(process.argv[2]!) as BackendPlace;
const { backend } = await openBackend(place);
const hold = async ({ id }: { id: string }) => {
  process.send!(id);
  await new Promise(() => {});
};
await backend.consume('work', hold, { concurrency: 1 });
