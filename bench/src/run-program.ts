/** Programs of others, watched while they run. */
import { spawn } from 'node:child_process';
import { treeMemory } from './process-tree.ts';

/** How often the memory of a program and of what it started is looked at. */
const WATCH_MS = 20;

/** The end of what a program said is enough to know what it complains of. */
const KEPT_CHARACTERS = 2_000;

/**
 * Runs a program to its end.
 * @returns the largest memory of it and all that it started, where that could be seen: of one process
 *   exactly, as the system keeps its peak; of several at the moments that were looked at
 * @throws Error if it cannot be started or fails, with what it said last
 */
export function runProgram(
  path: string,
  args: readonly string[],
  folder?: string,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const where = folder === undefined ? {} : { cwd: folder };
    const child = spawn(path, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
    let peak: number | undefined;
    let said = '';
    const timer = setInterval(() => {
      const memory = child.pid === undefined ? undefined : treeMemory(child.pid);
      if (memory === undefined) return;
      peak = Math.max(peak ?? 0, memory.resident, memory.largestPeak);
    }, WATCH_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        said = (said + text).slice(-KEPT_CHARACTERS);
      });
    }
    child.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(`the program ended with ${code ?? signal}: ${said.trim()}`));
    });
  });
}
