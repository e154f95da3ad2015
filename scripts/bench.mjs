/** `npm run bench -- [CASE …] [options]`: installs and builds what is missing, then runs benchmarks. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const main = join(ROOT, 'bench', 'dist', 'main.js');
const bench = spawn(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal interrupts both: the bench still writes what it has, and is waited for.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => bench.kill('SIGTERM'));
bench.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
