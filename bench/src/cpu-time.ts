import { readFileSync } from 'node:fs';

/** CPU time so far of this process, and of the programs that it ran and that have ended. */
export interface CpuTime {
  /** All threads, milliseconds. */
  readonly own: number;
  /** With what they started themselves, milliseconds; undefined where the machine does not tell. */
  readonly programs: number | undefined;
}

/** /proc counts in hundredths of a second, on every architecture that Node runs on (proc(5)). */
export const TICK_MS = 10;

/** Places of cutime and cstime behind the name, which may have spaces and brackets itself. */
const CUTIME = 13;
const CSTIME = 14;

export function cpuTime(): CpuTime {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1000, programs: programTime() };
}

function programTime(): number | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[CUTIME]) + Number(fields[CSTIME])) * TICK_MS;
  } catch {
    return undefined;
  }
}
