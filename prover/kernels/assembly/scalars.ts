/**
 * Scalars as multi-scalar multiplications take them: k, |k| < 2^253, plus an offset Σ 2^(c−1)·2^(c·w), so that digit w of signed
 * base 2^c is bits c·w to c·w + c − 1 less 2^(c−1), whatever the others are. Records of 8 bytes (small scalars) or 40.
 */

import { clearWords } from './thread';

/** (r − 1)/2 and r, 64-bit words; written by `initScalars`. */
const HALF_ORDER: usize = 9000;
const ORDER: usize = 9032;

/** Writes 8 words, those of (r − 1)/2 and of r. */
export function initScalars(): void {
  store<u64>(ORDER, 0x43e1f593f0000001, 0);
  store<u64>(ORDER, 0x2833e84879b97091, 8);
  store<u64>(ORDER, 0xb85045b68181585d, 16);
  store<u64>(ORDER, 0x30644e72e131a029, 24);
  store<u64>(HALF_ORDER, 0xa1f0fac9f8000000, 0);
  store<u64>(HALF_ORDER, 0x9419f4243cdcb848, 8);
  store<u64>(HALF_ORDER, 0xdc2822db40c0ac2e, 16);
  store<u64>(HALF_ORDER, 0x183227397098d014, 24);
}

let k0: u64 = 0;
let k1: u64 = 0;
let k2: u64 = 0;
let k3: u64 = 0;

/** Loads a residue as k or, above (r − 1)/2, as the k of −k; says whether it did. */
function loadCentred(at: usize): bool {
  k0 = load<u64>(at);
  k1 = load<u64>(at, 8);
  k2 = load<u64>(at, 16);
  k3 = load<u64>(at, 24);
  if ((k3 | k2) === 0 || !isAboveHalf()) return false;
  const borrow0: u64 = k0 > load<u64>(ORDER) ? 1 : 0;
  k0 = load<u64>(ORDER) - k0;
  const o1 = load<u64>(ORDER, 8);
  const borrow1: u64 = k1 > o1 || (k1 === o1 && borrow0 !== 0) ? 1 : 0;
  k1 = o1 - k1 - borrow0;
  const o2 = load<u64>(ORDER, 16);
  const borrow2: u64 = k2 > o2 || (k2 === o2 && borrow1 !== 0) ? 1 : 0;
  k2 = o2 - k2 - borrow1;
  k3 = load<u64>(ORDER, 24) - k3 - borrow2;
  return true;
}

function isAboveHalf(): bool {
  const h3 = load<u64>(HALF_ORDER, 24);
  if (k3 !== h3) return k3 > h3;
  const h2 = load<u64>(HALF_ORDER, 16);
  if (k2 !== h2) return k2 > h2;
  const h1 = load<u64>(HALF_ORDER, 8);
  if (k1 !== h1) return k1 > h1;
  return k0 > load<u64>(HALF_ORDER);
}

function bitLength(): i32 {
  if (k3 !== 0) return 256 - <i32>clz(k3);
  if (k2 !== 0) return 192 - <i32>clz(k2);
  if (k1 !== 0) return 128 - <i32>clz(k1);
  return 64 - <i32>clz(k0);
}

/** Counts witnesses by bit length of |k|: 256 counts of 32 bits. */
export function measureScalars(scalars: usize, count: u32, histogram: usize): void {
  clearWords(histogram, 1024);
  for (let i: u32 = 0; i < count; i++) {
    loadCentred(scalars + 32 * i);
    const at = histogram + 4 * <usize>bitLength();
    store<u32>(at, load<u32>(at) + 1);
  }
}

/**
 * Splits scalars: zeros go nowhere, those of at most `smallBits` bits (63 at most) to the small lists, the others to the wide
 * ones: a list of numbers (32 bits) and a list of records each. Offsets are added.
 */
export function splitScalars(
  scalars: usize,
  count: u32,
  smallBits: i32,
  smallOffset: u64,
  smallNumbers: usize,
  smallRecords: usize,
  wideOffset: usize,
  wideNumbers: usize,
  wideRecords: usize,
): void {
  let small: u32 = 0;
  let wide: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const isNegative = loadCentred(scalars + 32 * i);
    const bits = bitLength();
    if (bits === 0) continue;
    if (bits <= smallBits) {
      store<u32>(smallNumbers + 4 * small, i);
      store<u64>(smallRecords + 8 * small, isNegative ? smallOffset - k0 : smallOffset + k0);
      small++;
    } else {
      store<u32>(wideNumbers + 4 * wide, i);
      writeRecord(wideRecords + 40 * wide, wideOffset, isNegative);
      wide++;
    }
  }
}

/** The offset, 5 words, plus or minus k. */
function writeRecord(to: usize, offset: usize, isNegative: bool): void {
  let carry: u64 = isNegative ? 1 : 0;
  for (let i: usize = 0; i < 5; i++) {
    let word = i === 0 ? k0 : i === 1 ? k1 : i === 2 ? k2 : i === 3 ? k3 : 0;
    if (isNegative) word = ~word;
    const base = load<u64>(offset + 8 * i);
    const sum = base + word;
    const total = sum + carry;
    carry = (sum < base ? 1 : 0) + (total < sum ? 1 : 0);
    store<u64>(to + 8 * i, total);
  }
}

/** Records of both elements of a cell, integers below 2^253 in magnitude; the offset is given as 5 limbs of 64 bits. */
export function recordsFromCell(to: usize, cell: usize, offsetLimbs: usize): void {
  recordFromLane(to, cell, offsetLimbs);
  recordFromLane(to + 40, cell + 8, offsetLimbs);
}

function recordFromLane(to: usize, lane: usize, offset: usize): void {
  const mask: i64 = 0x7ffffffffffff;
  let limb = <i64>load<f64>(lane) + load<i64>(offset);
  const d0 = <u64>(limb & mask);
  limb = <i64>load<f64>(lane, 16) + load<i64>(offset, 8) + (limb >> 51);
  const d1 = <u64>(limb & mask);
  limb = <i64>load<f64>(lane, 32) + load<i64>(offset, 16) + (limb >> 51);
  const d2 = <u64>(limb & mask);
  limb = <i64>load<f64>(lane, 48) + load<i64>(offset, 24) + (limb >> 51);
  const d3 = <u64>(limb & mask);
  const d4 = <u64>(<i64>load<f64>(lane, 64) + load<i64>(offset, 32) + (limb >> 51));
  store<u64>(to, d0 | (d1 << 51));
  store<u64>(to, (d1 >> 13) | (d2 << 38), 8);
  store<u64>(to, (d2 >> 26) | (d3 << 25), 16);
  store<u64>(to, (d3 >> 39) | (d4 << 12), 24);
  store<u64>(to, d4 >> 52, 32);
}

/**
 * Sorts the terms of a window by bucket: |digit| − 1, zeros left out. `numbers` names the terms, 0 if they are 0, 1, 2…;
 * `offsets` gets where each of the 2^(bits−1) buckets begins, and the end.
 */
export function sortWindow(
  records: usize,
  recordBytes: usize,
  numbers: usize,
  count: u32,
  firstBit: u32,
  bits: u32,
  offsets: usize,
  terms: usize,
): void {
  const buckets: u32 = 1 << (bits - 1);
  const half = <i32>buckets;
  const mask: u64 = (1 << bits) - 1;
  const shift: u64 = firstBit & 7;
  const first = records + (firstBit >> 3);
  clearWords(offsets, 4 * buckets + 8);
  for (let i: u32 = 0; i < count; i++) {
    const digit = <i32>((load<u64>(first + recordBytes * i) >> shift) & mask) - half;
    if (digit === 0) continue;
    const at = offsets + 4 * <usize>abs(digit);
    store<u32>(at, load<u32>(at) + 1);
  }
  let sum: u32 = 0;
  for (let b: u32 = 1; b <= buckets; b++) {
    const at = offsets + 4 * b;
    const size = load<u32>(at);
    store<u32>(at, sum);
    sum += size;
  }
  // Bucket b's place is kept at b + 1 while it fills, so that in the end it is where the next one begins.
  for (let i: u32 = 0; i < count; i++) {
    const digit = <i32>((load<u64>(first + recordBytes * i) >> shift) & mask) - half;
    if (digit === 0) continue;
    const at = offsets + 4 * <usize>abs(digit);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    const number = numbers === 0 ? i : load<u32>(numbers + 4 * i);
    store<u32>(terms + 4 * place, (number << 1) | (digit < 0 ? 1 : 0));
  }
}
