import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeError } from './file-errors.ts';

/**
 * Makes a folder and its parents where they are missing. Not by `mkdir` with `recursive`: where a
 * file system has the parent and yet says ENOENT, as /proc does, Node 20 tries for ever.
 * @param options.mode of the folders made; the process's default unless told
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function makeFolder(
  path: string,
  options: { readonly mode?: number } = {},
): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, options);
  try {
    await mkdir(path, options);
  } catch (cause) {
    // Another process may have been first.
    if (!(await isFolder(path))) throw writeError(cause, path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
