/** `npm start`: installs and builds what is missing, then runs the quickstart. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const quickstart = join(ROOT, 'examples', 'dist', 'quickstart.js');
const { status } = spawnSync(process.execPath, [quickstart, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
