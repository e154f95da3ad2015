/**
 * Multiples of one point by many scalars: scalar = Σ digit_w · 2^(bits·w) with signed digits, so that scalar · G = Σ ± the table's
 * entries, an addition a window and no doubling. Compiled once for each group.
 *
 * A table has for each window w the multiples 1 to 2^(bits−1) of 2^(bits·w) · G.
 */

import { clearWords, scratchBase } from '../thread';
import { REGION_BYTES as BUCKETS_END } from './buckets';
import { addAll, BATCH, copySigned, double, ENTRY, isInfinity, POINT, setInfinity } from './points';

/** Parts of the thread's region: additions to do, carries of digits. */
const LIST: usize = (BUCKETS_END + 63) & ~63;
const CARRIES: usize = LIST + ENTRY * (BATCH + 2);
export const REGION_BYTES: usize = CARRIES + BATCH;

const SCALAR: usize = 32;

function pushAddition(count: i32, p: usize, q: usize, result: usize): void {
  const entry = scratchBase() + LIST + ENTRY * <usize>count;
  store<u32>(entry, <u32>p);
  store<u32>(entry + 4, <u32>q);
  store<u32>(entry + 8, <u32>result);
}

/** Writes the first entries of all windows; that of window 0 is there. */
export function startTable(table: usize, bits: u32, windows: u32): void {
  const window = POINT << (bits - 1);
  for (let w: usize = 1; w < <usize>windows; w++) {
    const first = table + window * w;
    copySigned(first, first - window);
    for (let i: u32 = 0; i < bits; i++) double(first, first);
  }
}

/** Writes the other entries of a window: from multiples 1 to n those up to 2n. */
export function fillWindow(window: usize, bits: u32): void {
  for (let size: usize = 1; size < 1 << (bits - 1); size <<= 1) {
    const highest = window + POINT * (size - 1);
    for (let done: usize = 0; done < size; done += BATCH) {
      const count = <i32>min(size - done, BATCH);
      for (let i = 0; i < count; i++) {
        const entry = window + POINT * (done + i);
        pushAddition(i, highest, entry, entry + POINT * size);
      }
      addAll(scratchBase() + LIST, count);
    }
  }
}

/** Multiples by scalars from..to, 32 bytes little endian below 2^254; bits · windows ≥ 255, bits ≤ 15. */
export function multiplyFixed(
  table: usize,
  bits: u32,
  windows: u32,
  scalars: usize,
  out: usize,
  from: u32,
  to: u32,
): void {
  for (let first = from; first < to; first += BATCH) {
    const count = min(<u32>BATCH, to - first);
    multiplyBatch(table, bits, windows, scalars + SCALAR * first, out + POINT * first, count);
  }
}

function multiplyBatch(
  table: usize,
  bits: u32,
  windows: u32,
  scalars: usize,
  out: usize,
  count: u32,
): void {
  const carries = scratchBase() + CARRIES;
  clearWords(carries, (count + 7) & ~7);
  for (let i: u32 = 0; i < count; i++) setInfinity(out + POINT * i);
  const half = 1 << (bits - 1);
  for (let w: u32 = 0; w < windows; w++) {
    const window = table + (POINT << (bits - 1)) * w;
    let additions: i32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const digit = digitAt(scalars + SCALAR * i, bits * w, bits) + load<u8>(carries + i);
      const isNegative = digit > half;
      store<u8>(carries + i, isNegative ? 1 : 0);
      const magnitude = isNegative ? 2 * half - digit : digit;
      if (magnitude === 0) continue;
      const entry = (window + POINT * (magnitude - 1)) | (isNegative ? 1 : 0);
      const sum = out + POINT * i;
      if (isInfinity(sum)) copySigned(sum, entry);
      else pushAddition(additions++, sum, entry, sum);
    }
    addAll(scratchBase() + LIST, additions);
  }
}

/** Bits from..from + bits of a scalar; those beyond 256 are 0. */
function digitAt(scalar: usize, from: u32, bits: u32): i32 {
  const byte = min(from >> 3, SCALAR - 8);
  const word = load<u64>(scalar + byte) >> (from - 8 * byte);
  return <i32>(word & ((1 << bits) - 1));
}
