/**
 * What `npm start`, `npm test` and `npm run check` need first: the right Node, the packages of the
 * lock file, a build. Runs before anything is installed: nothing but Node may be imported here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const PACKAGE = readJson(join(ROOT, 'package.json'));

/** The workspaces' folders, in the order of package.json. */
export const WORKSPACES = PACKAGE.workspaces;

/** Leaves the process with a message when a step of preparation fails. */
export function prepare() {
  requireNode(PACKAGE.engines.node);
  install();
  build();
}

/** Installs the packages of package-lock.json unless exactly these are there already. */
export function install() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  const wanted = readJson(join(ROOT, 'package-lock.json')).packages;
  if (existsSync(installed) && isInstalled(wanted, readJson(installed).packages)) return;
  say('Installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop('npm ci failed: see above. Is the npm registry reachable?', 3);
}

/** Builds all workspaces; what has not changed since the last build comes out of turbo's cache. */
export function build() {
  const started = Date.now();
  const turbo = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo');
  const args = [
    turbo,
    'run',
    'build',
    '--ui=stream',
    '--log-order=grouped',
    '--output-logs=new-only',
  ];
  const quiet = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...quiet },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
    stop('The build failed: see above.', 1);
  }
  const cached = stdout.includes('FULL TURBO') ? ', nothing had changed' : '';
  say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s${cached}.`);
}

/**
 * Whether npm's record of what lies in node_modules has every package that the lock file asks for,
 * at its version. Optional packages may be missing: they are for other platforms.
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Whether a version `a.b.c` satisfies a requirement `>=a.b`. */
export function satisfies(version, requirement) {
  const parts = (text) =>
    text
      .replace(/^(>=|v)/, '')
      .split('.')
      .map(Number);
  const [have, need] = [parts(version), parts(requirement)];
  const differs = need.findIndex((part, i) => have[i] !== part);
  return differs === -1 || have[differs] > need[differs];
}

function requireNode(requirement) {
  if (satisfies(process.versions.node, requirement)) return;
  stop(`zkinfer needs Node ${requirement}, this is ${process.version}. See https://nodejs.org`, 3);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(text, exitCode) {
  say(text);
  process.exit(exitCode);
}
