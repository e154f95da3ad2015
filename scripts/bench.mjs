/** `npm run bench -- CASE … [options]`: installs and builds what is missing, then runs benchmarks. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const bench = join(ROOT, 'bench', 'dist', 'main.js');
const { status } = spawnSync(process.execPath, [bench, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
