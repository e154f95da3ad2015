/** Writes files so that an interrupted run leaves the old content or the new, never half of it. */
import { rename, writeFile } from 'node:fs/promises';

/** Writes under a temporary name in the same folder, then renames. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp-${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
