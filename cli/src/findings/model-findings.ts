import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openCompiledModel } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { requireSetupRecord } from '@zkinfer/prover';
import { formatBytes, formatCount } from '../format-quantity.ts';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';

/** What can be proved with the compiled directories of a folder, every file checked. */
export async function modelFindings(folder: string): Promise<Finding[]> {
  const subject = `models in ${folder}`;
  try {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw readError(cause, folder);
    });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const findings = await Promise.all(names.sort().map((name) => modelFinding(folder, name)));
    const models = findings.filter((finding) => finding !== undefined);
    if (models.length > 0) return models;
    const advice = 'Compile one: npx zkinfer compile --help';
    return [{ subject, state: 'missing', found: 'none', advice }];
  } catch (error) {
    return [failedFinding(subject, error)];
  }
}

/** Undefined for a folder that is no compiled model. */
async function modelFinding(folder: string, name: string): Promise<Finding | undefined> {
  const subject = `model ${name}`;
  try {
    const { directory, summary } = await openCompiledModel(join(folder, name));
    const { kind, keyBytes } = await requireSetupRecord(directory);
    await directory.verify();
    const found = `${formatCount(summary.rows)} rows, key of ${formatBytes(keyBytes)}, files whole`;
    if (kind === 'ceremony') return { subject, state: 'ok', found };
    const advice = 'A development key: whoever made it can forge proofs. See `zkinfer ceremony`.';
    return { subject, state: 'note', found, advice };
  } catch (error) {
    if (error instanceof InputError && error.code === 'CORE_ARTIFACT_NO_MANIFEST') return undefined;
    return failedFinding(subject, error);
  }
}
