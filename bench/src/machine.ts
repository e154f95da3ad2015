import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** What figures depend on besides the code. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  /** Processes that wanted a core in the last minute before the case, on average; Windows: 0. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    loadBefore: loadavg()[0]!,
  };
}

/** Versions of Node, V8 and zkinfer, with the commit where there is a repository. */
export async function ownVersions(): Promise<Record<string, string>> {
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const commit = gitOutput('rev-parse', '--short=10', 'HEAD');
  const isAltered = gitOutput('status', '--porcelain', '--untracked-files=no') !== '';
  const suffix = commit === '' ? '' : ` (${commit}${isAltered ? ', altered' : ''})`;
  return {
    zkinfer: `${version}${suffix}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

function gitOutput(...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
