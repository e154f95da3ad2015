/**
 * Additions of affine points in batches that share one inversion (Montgomery's trick): 5 multiplications and a square each.
 * Compiled once for each group, with that group's `./coordinate`.
 *
 * A point is x and y, elements; infinity is marked in the first limb of x. Stored coordinates are folded: at most 0.5·p (and 2^-38)
 * with limbs in [−2^50, 2^50]. Pointers to operands are multiples of 8; their lowest bit negates the point. Ranges below are in
 * units of p and for G1, where products are at most 0.379·x·y + 0.63; in G2 they are folded to 0.5.
 */

import {
  copyWords,
  INFINITY_BITS,
  PADDING_P,
  PADDING_Q,
  SIGN_MASKS,
  scratchBase,
  temporary,
} from '../thread';
import {
  add,
  CELL,
  ELEMENT,
  gather,
  gatherDifference,
  gatherSigned,
  invert,
  isZero,
  multiply,
  multiplySubtract,
  scatter,
  setOne,
  square,
  squareSubtract,
  subtract,
} from './coordinate';

export const POINT: usize = 2 * ELEMENT;

/** Additions that share an inversion; one costs about as much as 30 to 60 of them. */
export const BATCH: i32 = 1024;

/** An addition of a list: operand, operand, result; 32-bit addresses. */
export const ENTRY: usize = 12;

/** Parts of the thread's region. */
export const DIFFERENCES: usize = 8192;
export const PREFIXES: usize = DIFFERENCES + 512 * 160;
const REPAIRS: usize = PREFIXES + 513 * 160;
/** A repair is an address and the point that belongs there. */
const REPAIR: usize = 8 + 160;
export const POINTS_END: usize = REPAIRS + 1026 * REPAIR;

let repairs: i32 = 0;

export function isInfinity(point: usize): bool {
  return load<u64>(point & ~7) === INFINITY_BITS;
}

export function setInfinity(point: usize): void {
  store<u64>(point, INFINITY_BITS);
}

/** Copies a point, negated if the operand's lowest bit says so. */
export function copySigned(out: usize, operand: usize): void {
  const from = operand & ~7;
  copyWords(out, from, POINT);
  if ((operand & 1) === 0) return;
  for (let i: usize = ELEMENT; i < POINT; i += 8) store<f64>(out + i, -load<f64>(out + i));
}

/** Adds the pairs of a list, all operands being read before a result that overwrites one is written. */
export function addAll(list: usize, count: i32): void {
  for (let done = 0; done < count; done += BATCH) {
    addBatch(list + ENTRY * <usize>done, min(BATCH, count - done));
  }
}

/** Results may overwrite operands of the same entry only. The list has room for one entry more. */
function addBatch(list: usize, count: i32): void {
  if ((count & 1) === 1) pad(list + ENTRY * <usize>count);
  const slots = (count + 1) >> 1;
  const base = scratchBase();
  repairs = 0;
  touchOperands(list, slots);
  for (let s = 0; s < slots; s++) prepare(base, list, s);
  const inverse = multiplyUp(base, slots);
  if (!invert(inverse)) {
    for (let s = 0; s < slots; s++) separateEqual(base, list, s);
    multiplyUp(base, slots);
    invert(inverse);
  }
  for (let s = slots - 1; s >= 0; s--) finish(base, list, s, inverse);
  for (let i = 0; i < repairs; i++) {
    const repair = base + REPAIRS + REPAIR * <usize>i;
    copyWords(load<u32>(repair), repair + 8, POINT);
  }
}

function pad(entry: usize): void {
  store<u32>(entry, <u32>PADDING_P);
  store<u32>(entry + 4, <u32>PADDING_Q);
  store<u32>(entry + 8, <u32>temporary(18));
}

function operand(list: usize, slot: i32, lane: usize, which: usize): usize {
  return load<u32>(list + 2 * ENTRY * <usize>slot + ENTRY * lane + 4 * which);
}

/**
 * Reads a word of each cache line of the operands, which are anywhere among all bases, so that they are fetched many at a time
 * and not one by one between multiplications: 286 instead of 301 ns a term of 2^17 bases in G1, and 294 where `prepare` reads
 * the ends of points. Points of 80 bytes begin at multiples of 16, those of 160 at multiples of 32: they lie in two and three
 * lines. Copies of the bases, made when they are pushed, cost 333 instead of 306 ns.
 */
function touchOperands(list: usize, slots: i32): void {
  const end = list + 2 * ENTRY * <usize>slots;
  let words: u64 = 0;
  for (let entry = list; entry < end; entry += ENTRY) {
    words ^= wordsOfLines(load<u32>(entry) & ~7) ^ wordsOfLines(load<u32>(entry, 4) & ~7);
  }
  // Where the sum of padding goes, which is never read: loads for nothing would be left out.
  store<u64>(temporary(18), words);
}

function wordsOfLines(point: usize): u64 {
  return load<u64>(point) ^ load<u64>(point, ELEMENT) ^ load<u64>(point, POINT - 8);
}

/** The differences of x of a slot's two additions; 1 where an operand is infinity. */
function prepare(base: usize, list: usize, slot: i32): void {
  const p0 = operand(list, slot, 0, 0);
  const q0 = operand(list, slot, 0, 1);
  const p1 = operand(list, slot, 1, 0);
  const q1 = operand(list, slot, 1, 1);
  const difference = base + DIFFERENCES + CELL * <usize>slot;
  gatherDifference(difference, q0 & ~7, q1 & ~7, p0 & ~7, p1 & ~7);
  if (isInfinity(p0) || isInfinity(q0)) addInfinity(base, list, slot, 0);
  if (isInfinity(p1) || isInfinity(q1)) addInfinity(base, list, slot, 1);
}

function newRepair(base: usize, list: usize, slot: i32, lane: usize): usize {
  const repair = base + REPAIRS + REPAIR * <usize>repairs;
  repairs++;
  store<u32>(repair, <u32>operand(list, slot, lane, 2));
  setOne(base + DIFFERENCES + CELL * <usize>slot, lane);
  return repair + 8;
}

function addInfinity(base: usize, list: usize, slot: i32, lane: usize): void {
  const p = operand(list, slot, lane, 0);
  const other = isInfinity(p) ? operand(list, slot, lane, 1) : p;
  const result = newRepair(base, list, slot, lane);
  if (isInfinity(other)) setInfinity(result);
  else copySigned(result, other);
}

/**
 * For each slot the product of the differences before it; returns where that of all is, after the last. Differences are at most 1
 * with limbs up to 2^51, so products, from `ONE` at 0.65, stay at most 1.02 = 0.379 · 1.02 + 0.63, with limbs up to 2^50.
 */
export function multiplyUp(base: usize, slots: i32): usize {
  let product = base + PREFIXES;
  setOne(product, 0);
  setOne(product, 1);
  for (let s: usize = 0; s < <usize>slots; s++) {
    multiply(product + CELL, product, base + DIFFERENCES + CELL * s);
    product += CELL;
  }
  return product;
}

/** Takes additions of equal x out of the batch: they are doublings, or of opposite points. */
function separateEqual(base: usize, list: usize, slot: i32): void {
  for (let lane: usize = 0; lane < 2; lane++) {
    if (!isZero(base + DIFFERENCES + CELL * <usize>slot, lane)) continue;
    const p = operand(list, slot, lane, 0);
    const q = operand(list, slot, lane, 1);
    const result = newRepair(base, list, slot, lane);
    if (haveEqualY(p, q)) double(result, p);
    else setInfinity(result);
  }
}

function signMask(p: usize, q: usize): v128 {
  return v128.load(SIGN_MASKS + 16 * ((p & 1) | ((q & 1) << 1)));
}

function haveEqualY(p: usize, q: usize): bool {
  const y = temporary(8);
  const other = temporary(10);
  const yp = (p & ~7) + ELEMENT;
  const yq = (q & ~7) + ELEMENT;
  gatherSigned(y, yp, yp, signMask(p, p));
  gatherSigned(other, yq, yq, signMask(q, q));
  subtract(y, y, other);
  return isZero(y, 0);
}

/** Twice a point that is not infinity (no point of these groups has y = 0). May overwrite it. Uses temporaries 0 to 15, 20 to 27. */
export function double(out: usize, operand: usize): void {
  const x = temporary(20);
  const y = temporary(22);
  const slope = temporary(24);
  const t = temporary(26);
  const from = operand & ~7;
  gather(x, from, from);
  gatherSigned(y, from + ELEMENT, from + ELEMENT, signMask(operand, operand));
  add(t, y, y);
  invert(t);
  square(slope, x);
  multiply(t, t, slope);
  // 3x²/2y, added up from a reduced product; the last multiplication by 1 carries it. x²/2y is at most 0.96, twice it times 1
  // (ONE, 0.65) 1.11, and the slope 0.379 · 2.07 · 0.65 + 0.63 < 1.15.
  add(slope, t, t);
  const one = temporary(10);
  setOne(one, 0);
  setOne(one, 1);
  multiply(slope, slope, one);
  add(slope, slope, t);
  multiply(slope, slope, one);
  complete(out, out, x, x, y, slope);
}

/**
 * The sum's coordinates from x of both, y of the first, and the slope. Folding takes 2.5: the slope, at most 1.5, squared and less
 * the sum of both x is below 2.49 (`doubleSlot` has it exactly), slope · (x − x3) − y at most 0.379 · 1.5 + 0.63 + 0.5 = 1.7. What is
 * subtracted has limbs up to 2^51. Uses temporaries 8 to 13.
 */
export function complete(
  out0: usize,
  out1: usize,
  x: usize,
  other: usize,
  y: usize,
  slope: usize,
): void {
  const sum = temporary(8);
  const x3 = temporary(10);
  add(sum, x, other);
  squareSubtract(x3, slope, sum);
  subtract(sum, x, x3);
  multiplySubtract(sum, slope, sum, y);
  scatter(x3, out0, out1);
  scatter(sum, out0 + ELEMENT, out1 + ELEMENT);
}

/**
 * Both additions of a slot, given the inverse of the product of the differences up to it; leaves that of those before. The inverse is
 * at most 1.16 to begin with (`invert`, for a product of at most 1.02) and shrinks: 0.379 · 1.16 + 0.63 < 1.08. So 1/(x2 − x1) is at
 * most 0.379 · 1.16 · 1.02 + 0.63 < 1.08, the slope 0.379 · 1.08 + 0.63 < 1.04.
 */
function finish(base: usize, list: usize, slot: i32, inverse: usize): void {
  const p0 = operand(list, slot, 0, 0);
  const q0 = operand(list, slot, 0, 1);
  const p1 = operand(list, slot, 1, 0);
  const q1 = operand(list, slot, 1, 1);
  const x = temporary(20);
  const y = temporary(22);
  const other = temporary(24);
  const slope = temporary(26);
  multiply(slope, inverse, base + PREFIXES + CELL * <usize>slot);
  multiply(inverse, inverse, base + DIFFERENCES + CELL * <usize>slot);
  gatherSigned(y, (p0 & ~7) + ELEMENT, (p1 & ~7) + ELEMENT, signMask(p0, p1));
  gatherSigned(other, (q0 & ~7) + ELEMENT, (q1 & ~7) + ELEMENT, signMask(q0, q1));
  subtract(other, other, y);
  multiply(slope, slope, other);
  gather(x, p0 & ~7, p1 & ~7);
  gather(other, q0 & ~7, q1 & ~7);
  complete(operand(list, slot, 0, 2), operand(list, slot, 1, 2), x, other, y, slope);
}
