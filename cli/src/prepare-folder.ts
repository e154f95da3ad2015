import { access, constants } from 'node:fs/promises';
import { makeFolder, removeLeftovers, writeError } from '@zkinfer/core/node';

/**
 * Makes a folder to write to, and clears it of what interrupted runs left. Called before work that
 * would be lost if the folder could not be written.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    await access(path, constants.W_OK);
    await removeLeftovers(path);
  } catch (cause) {
    throw writeError(cause, path);
  }
}
