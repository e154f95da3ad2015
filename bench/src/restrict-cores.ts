/** Runs the bench anew on fewer cores: what it starts inherits that. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { EnvironmentError } from '@zkinfer/core';

/**
 * Whether this process was replaced by one on so many cores, which has done its work and set the
 * exit code. False when this process has no more cores than that.
 * @throws EnvironmentError BENCH_CORES where the system cannot
 */
export function ranOnFewerCores(cores: number | undefined): boolean {
  if (cores === undefined || cores >= availableParallelism()) return false;
  const [script, ...args] = process.argv.slice(1);
  const list = `0-${cores - 1}`;
  const command = ['-c', list, process.execPath, script!, ...args];
  const { status, error } = spawnSync('taskset', command, { stdio: 'inherit' });
  if (error !== undefined) {
    throw new EnvironmentError({
      code: 'BENCH_CORES',
      what: '--cores needs the command taskset (util-linux)',
      got: error.message,
      hint: 'Leave --cores out, or run on Linux.',
    });
  }
  process.exitCode = status ?? 1;
  return true;
}
