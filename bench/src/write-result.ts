import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@zkinfer/core/node';
import { type CaseResult, renderResult } from './case-result.ts';

/**
 * Writes `CASE.json` and `CASE.md`, in place of older ones.
 * @throws EnvironmentError CORE_DISK_FULL, CORE_WRITE_DENIED, CORE_WRITE_FAILED
 */
export async function writeResult(folder: string, result: CaseResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  const json = `${JSON.stringify(result, undefined, 2)}\n`;
  await writeFileAtomically(join(folder, `${result.case}.json`), json);
  await writeFileAtomically(join(folder, `${result.case}.md`), renderResult(result));
}
