/**
 * The arrows between workspaces, checked on the imports of their sources. Run alone or by `npm run
 * check`.
 *
 * npm puts all packages into one node_modules, where an import that no package.json declares works
 * all the same: only a tool can see it.
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, WORKSPACES } from './prepare.mjs';
import { importsOfFile, sourceFiles } from './workspace-sources.mjs';

/** Which workspaces each may import. A workspace that is not listed may import nothing of ours. */
export const ARROWS = {
  core: [],
  circuits: ['core'],
  prover: ['core'],
  'verifier-contracts': ['core'],
  queue: ['core', 'circuits', 'prover', 'verifier-contracts'],
  client: ['core', 'prover', 'verifier-contracts'],
  cli: ['core', 'circuits', 'prover', 'verifier-contracts', 'queue'],
  bench: ['core', 'circuits', 'prover', 'verifier-contracts', 'queue'],
  examples: ['core', 'circuits', 'prover', 'verifier-contracts', 'queue', 'client', 'cli'],
};

/** Modules that browsers load: what they reach must not need Node. */
export const BROWSER_ENTRIES = [
  'client/src/index.ts',
  'core/src/index.ts',
  'core/src/service/index.ts',
  'prover/src/verify/verify-proof.ts',
  'queue/src/dashboard/page/main.ts',
  'verifier-contracts/src/index.ts',
];

const SCOPE = '@zkinfer/';

/** All violations, as lines `file:line: what is wrong`, in the order of files. */
export function checkBoundaries(root, workspaces, arrows = ARROWS, browser = BROWSER_ENTRIES) {
  const files = new Map();
  for (const workspace of workspaces) {
    for (const path of sourceFiles(root, workspace)) {
      files.set(path, { workspace, imports: importsOfFile(root, path) });
    }
  }
  const manifests = new Map(workspaces.map((name) => [name, readManifest(root, name)]));
  return [
    ...[...files].flatMap(([path, file]) => checkFile(path, file, manifests, arrows)),
    ...checkCycles(files),
    ...browser.flatMap((entry) => checkBrowser(entry, files)),
  ];
}

function checkFile(path, { workspace, imports }, manifests, arrows) {
  return imports.flatMap(({ specifier, line }) => {
    const problem = specifier.startsWith('.')
      ? checkRelative(path, workspace, specifier)
      : checkPackage(path, workspace, specifier, manifests, arrows);
    return problem === undefined ? [] : [`${path}:${line}: ${problem}`];
  });
}

function checkRelative(path, workspace, specifier) {
  if (targetOf(path, specifier).startsWith(`${workspace}/src/`)) return undefined;
  return `"${specifier}" leaves ${workspace}/src: import the workspace by its name`;
}

function checkPackage(path, workspace, specifier, manifests, arrows) {
  if (isBuiltin(specifier)) return undefined;
  const name = packageOf(specifier);
  const other = name.startsWith(SCOPE) ? name.slice(SCOPE.length) : undefined;
  if (other === workspace) return `${workspace} imports itself by name: use a relative path`;
  if (other !== undefined && !(arrows[workspace] ?? []).includes(other)) {
    return `${workspace} must not import ${name}`;
  }
  const manifest = manifests.get(workspace);
  const kinds = isTest(path) ? [...RUNTIME_KINDS, 'devDependencies'] : kindsFor(workspace);
  if (kinds.some((kind) => manifest[kind]?.[name] !== undefined)) return undefined;
  return `"${name}" is not among the ${kinds.join(', ')} of ${workspace}/package.json`;
}

const RUNTIME_KINDS = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/** Nobody installs the examples as a package: all they use are tools of this repository. */
function kindsFor(workspace) {
  return workspace === 'examples' ? [...RUNTIME_KINDS, 'devDependencies'] : RUNTIME_KINDS;
}

function checkCycles(files) {
  const done = new Set();
  const problems = [];
  const visit = (path, trail) => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      problems.push(`${path}: import cycle: ${[...trail.slice(at), path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of relativeTargets(path, files)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  return problems;
}

function checkBrowser(entry, files) {
  const problems = [];
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path) || !files.has(path)) return;
    seen.add(path);
    for (const { specifier, line } of files.get(path).imports) {
      if (isBuiltin(specifier)) {
        problems.push(`${path}:${line}: "${specifier}" is reached from ${entry}, for browsers too`);
      }
    }
    for (const next of relativeTargets(path, files)) visit(next);
  };
  visit(entry);
  return problems;
}

function relativeTargets(path, files) {
  return files
    .get(path)
    .imports.filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => targetOf(path, specifier))
    .filter((target) => files.has(target));
}

function targetOf(path, specifier) {
  return posix.join(posix.dirname(path), specifier);
}

function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function isBuiltin(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function isTest(path) {
  return path.endsWith('.test.ts') || path.includes('/testing/');
}

function readManifest(root, workspace) {
  return JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkBoundaries(ROOT, WORKSPACES);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
