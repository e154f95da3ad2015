/** Keeps this process, and whatever it starts, to a few of its cores. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { EnvironmentError } from '@zkinfer/core';

/**
 * Does nothing when this process has no more cores than that.
 * @throws EnvironmentError BENCH_CORES where the system cannot
 */
export function restrictCores(cores: number | undefined): void {
  if (cores === undefined || cores >= availableParallelism()) return;
  const list = allowedCores().slice(0, cores).join(',');
  // All threads: any of them may be the one that starts a process.
  const { status, error, stderr } = spawnSync('taskset', ['-acp', list, `${process.pid}`], {
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) return;
  throw new EnvironmentError({
    code: 'BENCH_CORES',
    what: '--cores needs the command taskset (util-linux)',
    got: error?.message ?? stderr.trim(),
    hint: 'Leave --cores out, or run on Linux.',
  });
}

/** Numbers of the cores that this process may run on: in a container not the first ones. */
function allowedCores(): number[] {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return parseCoreList(/^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? '0');
  } catch {
    return [0];
  }
}

/** As Linux writes them (cpuset(7), list format): `0-2,5` → 0, 1, 2, 5. */
export function parseCoreList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}
