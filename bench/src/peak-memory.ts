import { treeMemory } from './process-tree.ts';

/**
 * The largest resident memory that this process has had, all its threads included, in bytes.
 * `process.resourceUsage().maxRSS`, which is there on every system, is not it on Linux: it starts at
 * the size of whoever started the process.
 */
export function peakMemory(): number {
  return treeMemory(process.pid)?.largestPeak ?? process.resourceUsage().maxRSS * 1024;
}
