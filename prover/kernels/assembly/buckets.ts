/**
 * Multi-scalar multiplication by buckets (Pippenger) of affine points. Compiled once for each group.
 *
 * A window's terms come sorted by bucket (`scalars.ts`): 32-bit words, number of the base and sign in the lowest bit. The
 * points of a bucket are added pairwise, those of many buckets in one batch, in rounds: a list of thousands of points for
 * the same bucket costs no more than spread ones.
 */

import { scratchBase } from '../thread';
import { addAll, copySigned, double, ENTRY, POINT, POINTS_END, setInfinity } from './points';

/** Points that are added up at a time. */
export const BLOCK: i32 = 4096;

const NONE: u32 = 0xffffffff;

/** Parts of the thread's region: additions to do, operands, runs of operands for one bucket, intermediate sums. */
const LIST: usize = POINTS_END;
const OPERANDS: usize = LIST + ENTRY * (BLOCK + 2);
const RUNS: usize = OPERANDS + 4 * (BLOCK + BLOCK);
/** A run: first operand, count, address of the sum. */
const RUN: usize = 12;
const SUMS: usize = (RUNS + RUN * BLOCK + 63) & ~63;

/** Bytes that the region of a thread needs. */
export const REGION_BYTES: usize = SUMS + POINT * (BLOCK + 2);

let operandCount: i32 = 0;
let runCount: i32 = 0;

/** Marks all buckets empty. */
export function clearBuckets(buckets: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) setInfinity(buckets + POINT * i);
}

/**
 * Adds terms from..to of a window to its buckets. `offsets` has where each bucket's terms begin, and the end. The sum of a
 * bucket whose terms begin before `from` goes to `carry`: an address, that of the bucket or 0, and 8 bytes on a point.
 * `index` maps numbers of bases to places among those that are not infinity.
 */
export function accumulate(
  terms: usize,
  offsets: usize,
  from: u32,
  to: u32,
  buckets: usize,
  bucketCount: u32,
  carry: usize,
  bases: usize,
  index: usize,
): void {
  store<u32>(carry, 0);
  let bucket = bucketOf(offsets, bucketCount, from);
  let at = from;
  let isContinued = false;
  while (at < to) {
    operandCount = 0;
    runCount = 0;
    while (at < to && operandCount < BLOCK && runCount < BLOCK - 1) {
      const end = min(load<u32>(offsets + 4 * bucket + 4), to);
      let sum = buckets + POINT * bucket;
      if (load<u32>(offsets + 4 * bucket) < from) {
        if (load<u32>(carry) === 0) setInfinity(carry + 8);
        store<u32>(carry, <u32>sum);
        sum = carry + 8;
      }
      openRun(sum, isContinued);
      // One more than a block, so that a sum that is carried on gets company in any case.
      for (; at < end && operandCount <= BLOCK; at++) {
        addTerm(load<u32>(terms + 4 * at), bases, index);
      }
      closeRun();
      isContinued = at < load<u32>(offsets + 4 * bucket + 4);
      if (!isContinued) bucket = nextBucket(offsets, bucketCount, bucket);
    }
    addRuns();
  }
}

/** The bucket that a term belongs to: the last that begins at it or before, and is not empty. */
function bucketOf(offsets: usize, count: u32, term: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(offsets + 4 * middle) <= term) low = middle;
    else high = middle;
  }
  return low;
}

function nextBucket(offsets: usize, count: u32, bucket: u32): u32 {
  let next = bucket + 1;
  while (next < count && load<u32>(offsets + 4 * next) === load<u32>(offsets + 4 * next + 4))
    next++;
  return next;
}

/** Forgets all runs. */
export function startRuns(): void {
  operandCount = 0;
  runCount = 0;
}

/** Whether runs must be added before another operand is pushed. */
export function areRunsFull(): bool {
  return operandCount >= BLOCK || runCount >= BLOCK - 1;
}

export function openRun(sum: usize, isContinued: bool): void {
  const run = scratchBase() + RUNS + RUN * <usize>runCount;
  store<u32>(run, operandCount);
  store<u32>(run + 8, <u32>sum);
  if (isContinued) pushOperand(sum);
}

export function pushOperand(operand: usize): void {
  store<u32>(scratchBase() + OPERANDS + 4 * <usize>operandCount, <u32>operand);
  operandCount++;
}

function addTerm(term: u32, bases: usize, index: usize): void {
  const place = load<u32>(index + 4 * (term >> 1));
  if (place !== NONE) pushOperand((bases + POINT * place) | (term & 1));
}

/** A run of one operand is done at once, an empty one forgotten. */
export function closeRun(): void {
  const run = scratchBase() + RUNS + RUN * <usize>runCount;
  const first = load<i32>(run);
  const count = operandCount - first;
  store<i32>(run + 4, count);
  if (count > 1) runCount++;
  else if (count === 1) {
    const operand: usize = load<u32>(scratchBase() + OPERANDS + 4 * <usize>first);
    if (operand !== load<u32>(run + 8)) copySigned(load<u32>(run + 8), operand);
    operandCount = first;
  }
}

/** Halves all runs, round by round, until each is one sum. */
export function addRuns(): void {
  const base = scratchBase();
  let sum = base + SUMS;
  while (runCount > 0) {
    let additions = 0;
    let kept = 0;
    for (let i = 0; i < runCount; i++) {
      const run = base + RUNS + RUN * <usize>i;
      const operands = base + OPERANDS + 4 * <usize>load<i32>(run);
      const count = load<i32>(run + 4);
      const pairs = count >> 1;
      for (let pair: usize = 0; pair < <usize>pairs; pair++) {
        const result: usize = count === 2 ? load<u32>(run + 8) : sum;
        const entry = base + LIST + ENTRY * <usize>additions;
        store<u32>(entry, load<u32>(operands + 8 * pair));
        store<u32>(entry + 4, load<u32>(operands + 8 * pair + 4));
        store<u32>(entry + 8, <u32>result);
        store<u32>(operands + 4 * pair, <u32>result);
        if (count !== 2) sum += POINT;
        additions++;
      }
      if (count === 2) continue;
      if ((count & 1) === 1) {
        store<u32>(operands + 4 * <usize>pairs, load<u32>(operands + 4 * <usize>(count - 1)));
      }
      const to = base + RUNS + RUN * <usize>kept;
      store<u32>(to, load<u32>(run));
      store<i32>(to + 4, (count + 1) >> 1);
      store<u32>(to + 8, load<u32>(run + 8));
      kept++;
    }
    addAll(base + LIST, additions);
    runCount = kept;
  }
}

/** Adds the carries of a window's pieces, which lie `POINT + 8` bytes apart, to their buckets. */
export function mergeCarries(carries: usize, count: u32): void {
  const list = scratchBase() + LIST;
  for (let i: u32 = 0; i < count; i++) {
    const carry = carries + (POINT + 8) * i;
    if (load<u32>(carry) === 0) continue;
    setEntry(list, load<u32>(carry), carry + 8, load<u32>(carry));
    addAll(list, 1);
  }
}

function setEntry(entry: usize, p: usize, q: usize, result: usize): void {
  store<u32>(entry, <u32>p);
  store<u32>(entry + 4, <u32>q);
  store<u32>(entry + 8, <u32>result);
}

/** How many parts the buckets of a window are cut into, at most, when they are summed. */
const PARTS: u32 = 64;

/**
 * Σ b·bucket_b for each of several windows that lie behind each other, `bucketCount` (a power of two) buckets each, b from 1; at
 * most 16 windows. Buckets are cut into parts that advance together: in each, sums from the top down, and sums of sums.
 */
export function sumBuckets(buckets: usize, bucketCount: u32, windows: u32, out: usize): void {
  const base = scratchBase();
  const parts = min(PARTS, bucketCount);
  const length = bucketCount / parts;
  const lanes = parts * windows;
  const sums = base + SUMS;
  const weighted = sums + POINT * lanes;
  clearBuckets(sums, 2 * lanes);
  for (let step = length; step > 0; step--) {
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const bucket = buckets + POINT * (length * lane + step - 1);
      setEntry(base + LIST + ENTRY * lane, sums + POINT * lane, bucket, sums + POINT * lane);
    }
    addAll(base + LIST, lanes);
    addColumns(base, weighted, 1, sums, 1, lanes);
  }
  // weighted: Σ over parts, in place of part 0. sums: Σ s·sums_s, in `out`, by sums of sums again.
  const suffix = weighted + POINT * lanes;
  clearBuckets(suffix, windows);
  clearBuckets(out, windows);
  for (let part = parts - 1; part > 0; part--) {
    addColumns(base, suffix, 1, sums + POINT * part, parts, windows);
    addColumns(base, out, 1, suffix, 1, windows);
    addColumns(base, weighted, parts, weighted + POINT * part, parts, windows);
  }
  for (let n: u32 = 1; n < length; n <<= 1) doubleAll(out, windows);
  addColumns(base, out, 1, weighted, parts, windows);
}

/** Adds to each of several points, `stride` points apart, another. */
function addColumns(
  base: usize,
  to: usize,
  stride: u32,
  from: usize,
  fromStride: u32,
  count: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const sum = to + POINT * (stride * i);
    setEntry(base + LIST + ENTRY * i, sum, from + POINT * (fromStride * i), sum);
  }
  addAll(base + LIST, count);
}

function doubleAll(points: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) doubleInPlace(points + POINT * i);
}

function doubleInPlace(point: usize): void {
  if (load<u64>(point) !== 0x7ff0000000000000) double(point, point);
}

/** Σ 2^(bits·w)·windows_w, to `out`. */
export function joinWindows(windows: usize, count: u32, bits: u32, out: usize): void {
  const list = scratchBase() + LIST;
  setInfinity(out);
  for (let w = count; w > 0; w--) {
    for (let i: u32 = 0; i < bits; i++) doubleInPlace(out);
    setEntry(list, out, windows + POINT * (w - 1), out);
    addAll(list, 1);
  }
}

/** p + q to `out`, any points. */
export function addPoints(out: usize, p: usize, q: usize): void {
  const list = scratchBase() + LIST;
  setEntry(list, p, q, out);
  addAll(list, 1);
}

/**
 * scalar · p to `out`, another place; the scalar is 32 bytes little endian, below 2^254. Adds at every bit, so that the time it
 * takes tells of the scalar hardly more than its length.
 */
export function multiplyPoint(out: usize, p: usize, scalar: usize): void {
  const base = scratchBase();
  const list = base + LIST;
  const sum = base + SUMS;
  setInfinity(out);
  for (let bit: usize = 254; bit > 0; bit--) {
    doubleInPlace(out);
    setEntry(list, out, p, sum);
    addAll(list, 1);
    const digit = (load<u8>(scalar + ((bit - 1) >> 3)) >> <u8>((bit - 1) & 7)) & 1;
    copySigned(out, select<usize>(sum, out, digit !== 0));
  }
}
