/**
 * The packages that benchmarks compare with: installed when a case asks for them, below a folder
 * and a lock file of their own, and needed by nothing else.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EnvironmentError, type Progress } from '@zkinfer/core';
import { THIRD_PARTY } from './paths.ts';

interface LockFile {
  readonly packages: Readonly<Record<string, { version?: string; integrity?: string }>>;
}

/** Installs what the lock file says, unless it is there. @throws EnvironmentError BENCH_INSTALL */
export async function installThirdParty(progress: Progress): Promise<void> {
  if (await isInstalled()) return;
  progress.stage('installing bench/thirdparty (npm ci)');
  const npm = process.env.npm_execpath;
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const args = [...first, 'ci', '--workspaces=false', '--no-audit', '--no-fund'];
  const { status } = spawnSync(command, [...args, '--loglevel=error'], {
    cwd: THIRD_PARTY,
    stdio: ['ignore', 2, 2],
    shell: npm === undefined && process.platform === 'win32',
  });
  if (status === 0) return;
  throw new EnvironmentError({
    code: 'BENCH_INSTALL',
    what: 'the packages to compare with could not be installed: see above',
    hint: 'Is the npm registry reachable? A study with --engine wasm needs none of them.',
  });
}

/** Names and versions of the packages that cases call. */
export async function thirdPartyVersions(): Promise<Record<string, string>> {
  const { packages } = await readLock('package-lock.json');
  const manifest = await readFile(join(THIRD_PARTY, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  const names = Object.keys(dependencies);
  return Object.fromEntries(
    names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? dependencies[name]!]),
  );
}

/**
 * Loads one of the packages, CommonJS.
 * @param T what is used of it
 */
export function requireThirdParty<T>(name: string): T {
  return createRequire(join(THIRD_PARTY, 'package.json'))(name) as T;
}

async function isInstalled(): Promise<boolean> {
  try {
    const wanted = await readLock('package-lock.json');
    const found = await readLock('node_modules/.package-lock.json');
    return Object.entries(wanted.packages).every(
      ([path, { integrity }]) => path === '' || found.packages[path]?.integrity === integrity,
    );
  } catch {
    return false;
  }
}

async function readLock(path: string): Promise<LockFile> {
  return JSON.parse(await readFile(join(THIRD_PARTY, path), 'utf8')) as LockFile;
}
