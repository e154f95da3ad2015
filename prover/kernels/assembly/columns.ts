/**
 * Sums of points with integer coefficients, thousands of columns at once: Σ coefficient · base over a column's terms.
 * Compiled once for each group.
 *
 * Coefficients are in non-adjacent form, digits 0, 1 and −1 of which a third is not 0 (G. Reitwiesner, "Binary arithmetic",
 * 1960). From the highest position down, the sums of all columns are doubled in batches, then each takes the bases
 * whose digit there is not 0: a coefficient ±1 costs one addition, one of 8 bits three and its share of 8 doublings.
 */

import { scratchBase, temporary } from '../thread';
import {
  addRuns,
  areRunsFull,
  REGION_BYTES as BUCKETS_END,
  closeRun,
  openRun,
  pushOperand,
  startRuns,
} from './buckets';
import { add, CELL, ELEMENT, gather, invert, multiply, square } from './coordinate';
import {
  BATCH,
  complete,
  DIFFERENCES,
  isInfinity,
  multiplyUp,
  POINT,
  PREFIXES,
  setInfinity,
} from './points';

/** Columns that advance together: enough for full batches, few enough that their sums stay in the cache. */
const COLUMNS: u32 = 1024;

/** A column: its number, and the highest position of a digit that is not 0 in its terms. */
const COLUMN: usize = 8;

/** A term: number of its base, number of its coefficient. */
const TERM: usize = 8;

/** A coefficient: bit p of the first half is set if digit p is 1, of the second if it is −1. */
const COEFFICIENT: usize = 64;

/** Parts of the thread's region: sums in the making, and addresses of those to double. */
const SUMS: usize = (BUCKETS_END + 63) & ~63;
const DOUBLINGS: usize = SUMS + POINT * COLUMNS;
export const REGION_BYTES: usize = DOUBLINGS + 4 * COLUMNS;

/**
 * Adds to `sums`, by number of the column, what columns from..to of a list say. The list is sorted by highest position,
 * highest first. `starts` has where each column's terms begin, by number, and the end.
 */
export function sumColumns(
  columns: usize,
  from: u32,
  to: u32,
  starts: usize,
  terms: usize,
  coefficients: usize,
  bases: usize,
  sums: usize,
): void {
  for (let first = from; first < to; first += COLUMNS) {
    const list = columns + COLUMN * first;
    const count = min(COLUMNS, to - first);
    sumBlock(list, count, starts, terms, coefficients, bases, sums);
  }
}

function sumBlock(
  list: usize,
  count: u32,
  starts: usize,
  terms: usize,
  coefficients: usize,
  bases: usize,
  sums: usize,
): void {
  const own = scratchBase() + SUMS;
  for (let i: u32 = 0; i < count; i++) setInfinity(own + POINT * i);
  let begun: u32 = 0;
  for (let position = load<i32>(list, 4); position >= 0; position--) {
    while (begun < count && load<i32>(list + COLUMN * begun, 4) >= position) begun++;
    doubleSums(own, begun);
    startRuns();
    for (let i: u32 = 0; i < begun; i++) {
      const column: usize = load<u32>(list + COLUMN * i);
      const sum = own + POINT * i;
      const result = position > 0 ? sum : sums + POINT * column;
      if (areRunsFull()) flush();
      openRun(result, false);
      if (!isInfinity(sum)) pushOperand(sum);
      if (position === 0 && !isInfinity(result)) pushOperand(result);
      const end = load<u32>(starts + 4 * column, 4);
      for (let t = load<u32>(starts + 4 * column); t < end; t++) {
        const term = terms + TERM * t;
        const sign = digit(coefficients + COEFFICIENT * <usize>load<u32>(term, 4), position);
        if (sign === 0) continue;
        if (areRunsFull()) {
          closeRun();
          flush();
          openRun(result, true);
        }
        pushOperand((bases + POINT * <usize>load<u32>(term)) | (sign < 0 ? 1 : 0));
      }
      closeRun();
    }
    addRuns();
  }
}

function flush(): void {
  addRuns();
  startRuns();
}

function digit(coefficient: usize, position: i32): i32 {
  const at = coefficient + (position >> 3);
  const bit = position & 7;
  return ((load<u8>(at) >> bit) & 1) - ((load<u8>(at, 32) >> bit) & 1);
}

/** Doubles all of the sums that are not infinity. */
function doubleSums(sums: usize, count: u32): void {
  const list = scratchBase() + DOUBLINGS;
  let kept: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const sum = sums + POINT * i;
    if (isInfinity(sum)) continue;
    store<u32>(list + 4 * <usize>kept, <u32>sum);
    kept++;
  }
  for (let done = 0; done < kept; done += BATCH) {
    doubleBatch(list + 4 * <usize>done, min(BATCH, kept - done));
  }
}

/** Doubles points in place, with one inversion: 2y is never 0 in these groups. A last odd one takes both lanes. */
function doubleBatch(list: usize, count: i32): void {
  const base = scratchBase();
  const slots = (count + 1) >> 1;
  const y = temporary(22);
  for (let s = 0; s < slots; s++) {
    gather(y, listed(list, count, 2 * s) + ELEMENT, listed(list, count, 2 * s + 1) + ELEMENT);
    add(base + DIFFERENCES + CELL * <usize>s, y, y);
  }
  const inverse = multiplyUp(base, slots);
  invert(inverse);
  for (let s = slots - 1; s >= 0; s--) {
    doubleSlot(listed(list, count, 2 * s), listed(list, count, 2 * s + 1), s, inverse);
  }
}

function listed(list: usize, count: i32, i: i32): usize {
  return load<u32>(list + 4 * <usize>min(i, count - 1));
}

/**
 * The slope is 3x²/2y. Limbs of x² are at most 2^50 in magnitude, those of 3x² 3·2^50, and their products with 1/2y's below 2^102. In
 * units of p, in G1 (in G2 all is folded): x and y are at most 0.5, so 3x² at most 3 · 0.722, 1/2y at most 0.3781 · 1.143 · 1.009 + 0.627 <
 * 1.064 (`finish` in `points.ts`), the slope 0.3781 · 1.064 · 2.166 + 0.627 < 1.499, and its square less 2x 0.3781 · 1.499² + 0.627 + 1 <
 * 2.48, where folding takes 2.5.
 */
function doubleSlot(p: usize, q: usize, slot: i32, inverse: usize): void {
  const base = scratchBase();
  const x = temporary(20);
  const y = temporary(22);
  const slope = temporary(24);
  const t = temporary(26);
  const reciprocal = temporary(16);
  multiply(reciprocal, inverse, base + PREFIXES + CELL * <usize>slot);
  multiply(inverse, inverse, base + DIFFERENCES + CELL * <usize>slot);
  gather(x, p, q);
  gather(y, p + ELEMENT, q + ELEMENT);
  square(t, x);
  add(slope, t, t);
  add(t, slope, t);
  multiply(slope, reciprocal, t);
  complete(p, q, x, x, y, slope);
}
