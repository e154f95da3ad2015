/**
 * `npm run check`: types, lint and format, import arrows, file names, generated files. Runs all of
 * them, says at the end which failed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBoundaries } from './check-boundaries.mjs';
import { checkFileNames, repositoryFiles } from './file-names.mjs';
import { build, install, ROOT, WORKSPACES } from './prepare.mjs';

const CHECKS = {
  'lint and format': () => succeeds(join('@biomejs', 'biome', 'bin', 'biome'), ['check', '.']),
  'import arrows': () => isEmpty(checkBoundaries(ROOT, WORKSPACES)),
  'file names': () => isEmpty(checkFileNames(repositoryFiles(ROOT))),
  'generated files': () => isEmpty(staleGeneratedFiles()),
};

install();
// The build checks the types, and ends the run when it fails.
build();
const failed = Object.entries(CHECKS)
  .filter(([name, check]) => !passes(name, check))
  .map(([name]) => name);
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join('; ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(name, check) {
  const passed = check();
  console.log(`${passed ? '✓' : '✗'} ${name}`);
  return passed;
}

function isEmpty(problems) {
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length === 0;
}

/** Runs a package's command with this Node. Warnings are failures too. */
function succeeds(script, args) {
  const command = [join(ROOT, 'node_modules', script), ...args, '--error-on-warnings'];
  return spawnSync(process.execPath, command, { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

/** Runs `npm run gen` of each workspace that has it, and names the files that it changed. */
function staleGeneratedFiles() {
  const generating = WORKSPACES.filter((name) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8'));
    return manifest.scripts?.gen !== undefined;
  });
  const before = new Map(changedFiles());
  for (const workspace of generating) {
    const { status } = spawnSync('npm', ['run', '--silent', 'gen', '--workspace', workspace], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (status !== 0) return [`${workspace}: npm run gen failed`];
  }
  return changedFiles()
    .filter(([path, content]) => before.get(path) !== content)
    .map(([path]) => `${path}: not what "npm run gen" makes; it has been rewritten, commit it`);
}

/** [path, digest of its content] of each file that differs from the last commit. */
function changedFiles() {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 };
  const list = (args) => spawnSync('git', args, options).stdout.split('\0').filter(Boolean);
  const paths = [
    ...list(['diff', '--name-only', '--diff-filter=d', '-z', 'HEAD']),
    ...list(['ls-files', '--others', '--exclude-standard', '-z']),
  ];
  if (paths.length === 0) return [];
  const digests = spawnSync('git', ['hash-object', '--', ...paths], options).stdout.split('\n');
  return paths.map((path, i) => [path, digests[i]]);
}
