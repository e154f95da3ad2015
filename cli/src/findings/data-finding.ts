import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeError } from '@zkinfer/core/node';
import { dataLayout, LevelStore } from '@zkinfer/queue';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';

/** Whether a service could keep its data in a directory. */
export async function dataFinding(directory: string): Promise<Finding> {
  const subject = `data in ${directory}`;
  const { store } = dataLayout(directory);
  try {
    if (await exists(store)) return await storeFinding(subject, store);
    const parent = (await exists(directory)) ? directory : dirname(directory);
    await access(parent, constants.W_OK).catch((cause: unknown) => {
      throw writeError(cause, parent);
    });
    return { subject, state: 'ok', found: 'nothing yet; can be written' };
  } catch (error) {
    return failedFinding(subject, error);
  }
}

async function storeFinding(subject: string, path: string): Promise<Finding> {
  try {
    await (await LevelStore.open(path)).close();
    return { subject, state: 'ok', found: 'a store that opens; no service has it open' };
  } catch (error) {
    const failed = failedFinding(subject, error);
    const isLocked = error instanceof Error && 'code' in error && error.code === LOCKED;
    if (!isLocked) return failed;
    return { subject, state: 'ok', found: 'a store that a running service has open' };
  }
}

const LOCKED = 'QUEUE_STORE_LOCKED';

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
