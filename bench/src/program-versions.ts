import { sha256File } from '@zkinfer/core/node';
import type { ExternalProgram } from './case.ts';

/**
 * Programs do not tell their version: their digests stand for it.
 * @throws InputError CORE_FILE_MISSING
 */
export async function programVersions(
  programs: readonly ExternalProgram[],
): Promise<Record<string, string>> {
  const versions = programs.map(async ({ name, path }) => {
    const { sha256 } = await sha256File(path);
    return [name, `sha256 ${sha256.slice(0, 16)}…`] as const;
  });
  return Object.fromEntries(await Promise.all(versions));
}
