/** Programs of others, watched while they run. */
import { spawn } from 'node:child_process';
import { peakMemory } from './peak-memory.ts';

/** How often a program's memory is looked at; the system keeps its peak until it ends. */
const WATCH_MS = 10;

/** The end of what a program said is enough to know what it complains of. */
const KEPT_CHARACTERS = 2_000;

/**
 * Runs a program to its end.
 * @returns its largest memory, where it could be seen
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
      peak = peakMemory(child.pid) ?? peak;
    }, WATCH_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        said = (said + text).slice(-KEPT_CHARACTERS);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(`the program ended with ${code}: ${said.trim()}`));
    });
  });
}
