import { stat } from 'node:fs/promises';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { isKeystoreJson } from '@zkinfer/verifier-contracts';
import { readText } from '../read-file.ts';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';

/** Readable by others than the owner. */
const OTHERS = 0o077;

/** Whether an encrypted key file is one, and nobody else's to read. It is not opened. */
export async function keyFinding(path: string): Promise<Finding> {
  const subject = `key ${path}`;
  try {
    if (!isKeystoreJson(await readText(path))) throw noKeystore(path);
    return await secretFinding(subject, path, 'an encrypted key');
  } catch (error) {
    return failedFinding(subject, error);
  }
}

/** Whether a file with a secret is there, and nobody else's to read. @param found what it is */
export async function secretFinding(
  subject: string,
  path: string,
  found: string,
): Promise<Finding> {
  try {
    const { mode } = await stat(path).catch((cause: unknown) => {
      throw readError(cause, path);
    });
    if ((mode & OTHERS) === 0) return { subject, state: 'ok', found };
    const rights = (mode & 0o777).toString(8).padStart(4, '0');
    const advice = `Others may read it: chmod 600 ${path}`;
    return { subject, state: 'note', found: `${found}, mode ${rights}`, advice };
  } catch (error) {
    return failedFinding(subject, error);
  }
}

function noKeystore(path: string): InputError {
  return new InputError({
    code: 'CLI_KEYSTORE',
    what: `${path} is no encrypted key file`,
    hint: 'A keystore of version 3 is wanted, as geth and cast write it.',
  });
}
