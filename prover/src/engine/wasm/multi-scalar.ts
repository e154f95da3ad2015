/** Multi-scalar multiplications as tasks for kernel threads: sort, add to buckets, sum buckets, join windows. */
import type { KernelCall, KernelTask } from './kernel-message.ts';
import type { KernelSpace } from './kernel-pool.ts';
import { splitRange } from './split-range.ts';
import type { WindowPlan } from './window-plan.ts';

/** Bytes of an affine point in memory, infinity marked in its first word. */
export const POINT_MEMORY_BYTES = { g1: 80, g2: 160 } as const;

export type KernelGroup = keyof typeof POINT_MEMORY_BYTES;

/** Points of a key that are not infinity, and for each number of a point its place among them. */
export interface Bases {
  readonly group: KernelGroup;
  readonly points: number;
  readonly index: number;
}

/** Scalars with the offset of their windows added. */
export interface ScalarList {
  readonly plan: WindowPlan;
  readonly count: number;
  readonly records: number;
  readonly recordBytes: number;
  /** The numbers of the points that they belong to; 0: 0, 1, 2… */
  readonly numbers: number;
}

/** A list's terms, by window and bucket. */
export interface SortedTerms {
  readonly list: ScalarList;
  readonly windows: readonly SortedWindow[];
}

interface SortedWindow {
  readonly terms: number;
  readonly offsets: number;
}

/** Where a point is in memory. */
export interface FinishedSum {
  readonly group: KernelGroup;
  readonly result: number;
}

/** Where the sum of a multiplication will be. */
export interface PendingSum extends FinishedSum {
  readonly clear: readonly KernelTask[];
  readonly accumulate: readonly KernelTask[];
  readonly sum: readonly KernelTask[];
  readonly join: readonly KernelTask[];
}

/** Terms of a piece: enough to fill batches, few enough that threads end together. */
const PIECE_TERMS = 16384;

/** `sumBuckets` takes at most so many windows. */
const MAX_SUMMED_WINDOWS = 16;

/** Regions for a list's sorted terms, and the tasks that fill them. */
export function sortTerms(
  { memory }: KernelSpace,
  list: ScalarList,
): { sorted: SortedTerms; tasks: KernelTask[] } {
  const { bits, count } = list.plan;
  const windows = Array.from({ length: list.count === 0 ? 0 : count }, () => ({
    terms: memory.allocate(4 * list.count),
    offsets: memory.allocate(4 * (2 ** (bits - 1) + 2)),
  }));
  const { records, recordBytes, numbers } = list;
  const tasks = windows.map(
    ({ offsets, terms }, w): KernelTask => [
      ['sortWindow', records, recordBytes, numbers, list.count, w * bits, bits, offsets, terms],
    ],
  );
  return { sorted: { list, windows }, tasks };
}

/** The tasks that multiply bases by sorted scalars; each kind once all of the kind before are done. */
export function multiplyBases(
  { memory, threads }: KernelSpace,
  { list, windows }: SortedTerms,
  { group, points, index }: Bases,
): PendingSum {
  const pointBytes = POINT_MEMORY_BYTES[group];
  const bucketCount = 2 ** (list.plan.bits - 1);
  const windowBytes = bucketCount * pointBytes;
  const buckets = memory.allocate(windows.length * windowBytes);
  const sums = memory.allocate(windows.length * pointBytes);
  const result = memory.allocate(pointBytes);
  const accumulate: KernelTask[] = [];
  const merges = windows.map(({ terms, offsets }, w): KernelCall => {
    const termCount = memory.words(offsets + 4 * bucketCount, 1)[0]!;
    const pieces = splitRange(termCount, Math.max(1, Math.round(termCount / PIECE_TERMS)));
    const carries = memory.allocate((pieces.length + 1) * (pointBytes + 8));
    const first = buckets + w * windowBytes;
    pieces.forEach(([from, to], piece) => {
      const carry = carries + piece * (pointBytes + 8);
      accumulate.push([
        [`${group}Accumulate`, terms, offsets, from, to, first, bucketCount, carry, points, index],
      ]);
    });
    return [`${group}MergeCarries`, carries, pieces.length];
  });
  const groups = Math.max(threads, Math.ceil(windows.length / MAX_SUMMED_WINDOWS));
  const sum = splitRange(windows.length, groups).map(([from, to]): KernelTask => {
    const first = buckets + from * windowBytes;
    const out = sums + from * pointBytes;
    return [...merges.slice(from, to), [`${group}SumBuckets`, first, bucketCount, to - from, out]];
  });
  return {
    group,
    result,
    clear: [[[`${group}ClearBuckets`, buckets, windows.length * bucketCount]]],
    accumulate,
    sum,
    join: [[[`${group}JoinWindows`, sums, windows.length, list.plan.bits, result]]],
  };
}

/** Runs multiplications at once, so that threads need not wait for each other between them. */
export async function finishSums(space: KernelSpace, sums: readonly PendingSum[]): Promise<void> {
  await space.run(sums.flatMap(({ clear }) => clear));
  await space.run(longestFirst(sums.flatMap(({ accumulate }) => accumulate)));
  await space.run(sums.flatMap(({ sum }) => sum));
  await space.run(sums.flatMap(({ join }) => join));
}

/** G2 before G1: threads then end together. */
function longestFirst(tasks: readonly KernelTask[]): KernelTask[] {
  const isG2 = (task: KernelTask) => (task[0]?.[0].startsWith('g2') ? 0 : 1);
  return [...tasks].sort((a, b) => isG2(a) - isG2(b));
}
