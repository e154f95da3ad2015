/** Run as a process: has a child that waits, tells its own parent the child's id, and stays. */
import { SILENT_LOGGER } from '@zkinfer/core';
import { SupervisedChild } from '../worker/supervised-child.ts';

// Does not outlive its parent.
process.on('disconnect', () => process.exit());
const script = new URL('./echo-child.js', import.meta.url);
const child = new SupervisedChild({ script, name: 'echo', logger: SILENT_LOGGER });
const processId = await child.call<number>('processId', undefined);
child.call('wait', undefined).catch(() => {});
process.send!(processId);
