import { readFileSync } from 'node:fs';
import { cpuTime, TICK_MS } from './cpu-time.ts';

/** Fields of the line `cpu` of /proc/stat in which a core does something, or is kept from us. */
const BUSY_FIELDS = ['user', 'nice', 'system', 'irq', 'softirq', 'steal'] as const;
const FIELDS = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/**
 * CPU time so far of everything but this process and the programs that it ran and that have ended:
 * all cores of the machine, milliseconds. Undefined where the machine does not tell.
 */
export function othersTime(): number | undefined {
  const { own, programs } = cpuTime();
  const busy = busyTime();
  if (busy === undefined || programs === undefined) return undefined;
  return busy - own - programs;
}

function busyTime(): number | undefined {
  try {
    return busyTimeIn(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Milliseconds in which cores were busy. @param stat what /proc/stat holds */
export function busyTimeIn(stat: string): number {
  const [name, ...ticks] = stat.slice(0, stat.indexOf('\n')).split(/\s+/);
  if (name !== 'cpu' || ticks.length < FIELDS.length) throw new Error('no line of all cores');
  const busy = BUSY_FIELDS.map((field) => Number(ticks[FIELDS.indexOf(field)]));
  return TICK_MS * busy.reduce((sum, count) => sum + count, 0);
}
