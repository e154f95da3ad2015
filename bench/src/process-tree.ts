/** Memory of a program with everything it starts. Linux; elsewhere nobody tells. */
import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of processes that are there now, in bytes. */
export interface TreeMemory {
  /** The sum over the tree; pages that two of them share count twice. */
  readonly resident: number;
  /** The most that a single one of them has had so far. */
  readonly largestPeak: number;
}

/** @returns undefined where the machine does not tell, or when the process is over */
export function treeMemory(pid: number): TreeMemory | undefined {
  const own = memoryOf(pid);
  if (own === undefined) return undefined;
  return childrenOf(pid)
    .flatMap((child) => treeMemory(child) ?? [])
    .reduce(
      (sum, { resident, largestPeak }) => ({
        resident: sum.resident + resident,
        largestPeak: Math.max(sum.largestPeak, largestPeak),
      }),
      own,
    );
}

/** VmHWM and VmRSS of proc(5). */
function memoryOf(pid: number): TreeMemory | undefined {
  const status = readOrNothing(`/proc/${pid}/status`);
  const bytes = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
    return match === null ? undefined : Number(match[1]) * 1024;
  };
  const [resident, largestPeak] = [bytes('VmRSS'), bytes('VmHWM')];
  if (resident === undefined || largestPeak === undefined) return undefined;
  return { resident, largestPeak };
}

/** Any thread may have started some. @returns none where the machine does not tell */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readOrNothing(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Processes end while one reads of them. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
