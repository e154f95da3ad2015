import { readFileSync } from 'node:fs';

/**
 * The largest resident memory that a process has had, in bytes; undefined where the machine does
 * not tell. Linux keeps it as VmHWM (proc(5)). `process.resourceUsage().maxRSS`, which is there
 * on every system, is not it on Linux: it starts at the size of whoever started the process.
 * @param pid default: this process
 */
export function peakMemory(pid: number = process.pid): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(status);
    if (match !== null) return Number(match[1]) * 1024;
  } catch {
    // No such file: another system, or the process is over.
  }
  return pid === process.pid ? process.resourceUsage().maxRSS * 1024 : undefined;
}
