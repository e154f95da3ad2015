/**
 * Which test files belong to a tier. Tests are found by their sources: a compiled file may outlive
 * its source.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** `fast`: *.test.ts; `e2e`: *.e2e.test.ts, with real proofs. */
export const TIERS = ['fast', 'e2e'];

/**
 * Paths below `root` of the files to run, sorted: the compiled tests of the workspaces, and of the
 * scripts. A filter is a workspace's name or any part of a path; without filters all files are
 * chosen.
 */
export function testFiles(root, workspaces, tier, filters) {
  const compiled = workspaces.flatMap((workspace) =>
    filesBelow(root, `${workspace}/src`).map((path) =>
      path.replace('/src/', '/dist/').replace(/\.ts$/, '.js'),
    ),
  );
  return [...compiled, ...filesBelow(root, 'scripts')]
    .filter((path) => tierOf(path) === tier)
    .filter((path) => filters.length === 0 || filters.some((part) => matches(path, part)))
    .sort();
}

/** The tier of a file, undefined when it is no test. */
export function tierOf(path) {
  if (!/\.test\.m?js$/.test(path)) return undefined;
  return /\.e2e\.test\.m?js$/.test(path) ? 'e2e' : 'fast';
}

function matches(path, part) {
  const source = path.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
  return path.startsWith(`${part}/`) || (part.length > 0 && (path + source).includes(part));
}

function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => path.slice(join(root, '/').length).replaceAll('\\', '/'));
}
