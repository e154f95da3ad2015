import { rename, rm } from 'node:fs/promises';
import { temporaryPathFor, writeError } from '@zkinfer/core/node';

/**
 * Lets a producer that insists on a path of its own write to a temporary one, and renames the file
 * when it is complete: readers see the old file or the new one, never half of it. A failure removes
 * the temporary file.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED; else what
 *   `produce` throws
 */
export async function replaceFile(
  path: string,
  produce: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryPathFor(path);
  try {
    await produce(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, path);
  }
}
