/** The browser of tests: Debian's chromium, or another one of its kind. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EnvironmentError } from '../errors.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Where the browser is: `CHROMIUM_PATH`, or what is on the PATH. Where there is none, this says on
 * stderr what is left out, or throws when the environment promises one (`CI`, `CHROMIUM_PATH`).
 * @throws EnvironmentError CORE_TEST_CHROMIUM_MISSING
 */
export function chromiumPath(leftOut: string): string | undefined {
  const { CHROMIUM_PATH: wanted, CI, PATH = '' } = process.env;
  const folders = PATH.split(delimiter);
  const candidates = wanted
    ? [wanted]
    : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  if (CI || wanted) {
    throw new EnvironmentError({
      code: 'CORE_TEST_CHROMIUM_MISSING',
      what: wanted ? `CHROMIUM_PATH is no program: ${wanted}` : 'there is no chromium on the PATH',
      hint: 'Install it: apt-get install chromium',
    });
  }
  process.stderr.write(`No chromium on the PATH: left out ${leftOut}.\n`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
