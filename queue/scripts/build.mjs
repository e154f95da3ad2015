/**
 * Builds the dashboard into dist/dashboard/served/: checks the types of the browser's code, bundles
 * it with its style and uPlot, and copies the page beside it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const WORKSPACE = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(WORKSPACE, 'src', 'dashboard', 'page');
const SERVED = join(WORKSPACE, 'dist', 'dashboard', 'served');
const TESTING = join(WORKSPACE, 'dist', 'dashboard', 'testing');
const require = createRequire(import.meta.url);

checkTypes();
rmSync(SERVED, { recursive: true, force: true });
mkdirSync(SERVED, { recursive: true });
buildSync({
  entryPoints: [join(PAGE, 'main.ts'), join(PAGE, 'dashboard.css')],
  outdir: SERVED,
  bundle: true,
  format: 'esm',
  target: 'es2023',
  minify: true,
  sourcemap: 'linked',
  logLevel: 'warning',
});
for (const name of ['index.html', 'icon.svg']) copyFileSync(join(PAGE, name), join(SERVED, name));
// For tests: what they ask from inside the browser, to be evaluated there.
buildSync({
  entryPoints: [join(PAGE, 'testing', 'page-checks.ts')],
  outfile: join(TESTING, 'page-checks.iife.js'),
  bundle: true,
  format: 'iife',
  globalName: 'pageChecks',
  target: 'es2023',
  logLevel: 'warning',
});
// Its license asks that copies carry it.
copyFileSync(join(packageFolder('uplot'), 'LICENSE'), join(SERVED, 'uplot-license.txt'));

function checkTypes() {
  const tsc = join(packageFolder('typescript'), 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', PAGE], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

function packageFolder(name) {
  return dirname(require.resolve(`${name}/package.json`));
}
