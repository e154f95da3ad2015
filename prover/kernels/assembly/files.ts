/**
 * Points as files hold them, `.ptau` and `.zkey`: coordinates of 32 bytes little endian, times 2^256 mod p, infinity all zero. And as
 * ceremonies hash them: plain, big endian, infinity all zero. Compiled once for each group.
 */

import { limbsFromBytes } from '../elements';
import { FROM_256, multiply as multiplyFp, multiplySubtract, PLAIN_ONE, ZERO } from '../fp/field';
import { addCells, gatherElement } from '../lanes';
import { clearWords, temporary } from '../thread';
import { ELEMENT, gather, isZero, multiply, square, subtract } from './coordinate';
import { isInfinity, POINT } from './points';

/** Bytes of a point in a file, and of one coordinate of it. */
export const RAW: usize = (POINT / 40) * 32;
const RAW_COORDINATE: usize = RAW / 2;

/** p, 64-bit words. */
const P0: u64 = 0x3c208c16d87cfd47;
const P1: u64 = 0x97816a916871ca8d;
const P2: u64 = 0xb85045b68181585d;
const P3: u64 = 0x30644e72e131a029;

const LIMB_MASK: i64 = 0x7ffffffffffff;

/**
 * Reads points from..to of a file. If one has a coordinate that is not below p or does not lie on the curve (infinity does not),
 * its number plus 1 is stored at `fault`. `b` is the curve's constant, an element.
 */
export function importPoints(
  raw: usize,
  points: usize,
  from: u32,
  to: u32,
  b: usize,
  fault: usize,
): void {
  for (let i = from; i < to; i++) {
    if (!importPoint(raw + RAW * i, points + POINT * i)) store<u32>(fault, i + 1);
  }
  const constant = temporary(24);
  gather(constant, b, b);
  for (let i = from; i < to; i += 2) {
    const next = min(i + 1, to - 1);
    const lane = firstOffCurve(points + POINT * i, points + POINT * next, constant);
    if (lane < 2) store<u32>(fault, i + lane + 1);
  }
}

/** Whether the coordinates are below p. */
function importPoint(raw: usize, point: usize): bool {
  const cell = temporary(0);
  let areBelow = true;
  for (let pair: usize = 0; pair < POINT / 80; pair++) {
    const at = raw + 64 * pair;
    if (!isBelowOrder(at) || !isBelowOrder(at + 32)) areBelow = false;
    limbsFromBytes(cell, 16, at);
    limbsFromBytes(cell + 8, 16, at + 32);
    multiplySubtract(cell, cell, FROM_256, ZERO);
    for (let limb: usize = 0; limb < 5; limb++) {
      const to = point + 80 * pair + 8 * limb;
      store<f64>(to, load<f64>(cell + 16 * limb));
      store<f64>(to + 40, load<f64>(cell + 16 * limb + 8));
    }
  }
  return areBelow;
}

/** Whether 32 bytes are a number below p. */
export function isBelowOrder(at: usize): bool {
  const w3 = load<u64>(at, 24);
  if (w3 !== P3) return w3 < P3;
  const w2 = load<u64>(at, 16);
  if (w2 !== P2) return w2 < P2;
  const w1 = load<u64>(at, 8);
  if (w1 !== P1) return w1 < P1;
  return load<u64>(at) < P0;
}

/** Which of two points, 0 or 1, has not y² = x³ + b; 2 if both have. */
function firstOffCurve(p: usize, q: usize, b: usize): u32 {
  const x = temporary(20);
  const square3 = temporary(22);
  const y = temporary(26);
  gather(x, p, q);
  gather(y, p + ELEMENT, q + ELEMENT);
  square(square3, x);
  multiply(square3, square3, x);
  square(y, y);
  subtract(y, y, square3);
  subtract(y, y, b);
  if (!isZero(y, 0)) return 0;
  return isZero(y, 1) ? 2 : 1;
}

/** Writes points from..to as in files. */
export function exportPoints(points: usize, from: u32, to: u32, out: usize): void {
  for (let i = from; i < to; i++) exportPoint(points + POINT * i, out + RAW * i, false);
}

/** Writes points from..to as they are hashed: in G2 the part that u multiplies comes first. */
export function exportHashed(points: usize, from: u32, to: u32, out: usize): void {
  for (let i = from; i < to; i++) {
    const bytes = out + RAW * i;
    exportPoint(points + POINT * i, bytes, true);
    reverseBytes(bytes);
    reverseBytes(bytes + RAW_COORDINATE);
  }
}

/** Coordinates little endian, plain or times 2^256: twice an element x·2^255 is x·2^256. */
function exportPoint(point: usize, bytes: usize, isPlain: bool): void {
  if (isInfinity(point)) {
    clearWords(bytes, RAW);
    return;
  }
  const cell = temporary(0);
  for (let pair: usize = 0; pair < POINT / 80; pair++) {
    gatherElement(cell, point + 80 * pair, point + 80 * pair + 40);
    if (isPlain) multiplyFp(cell, cell, PLAIN_ONE);
    else addCells(cell, cell, cell);
    storeResidue(bytes + 64 * pair, cell);
    storeResidue(bytes + 64 * pair + 32, cell + 8);
  }
}

/** Reverses the bytes of a coordinate. */
function reverseBytes(at: usize): void {
  let last = at + RAW_COORDINATE - 8;
  for (let first = at; first < last; first += 8) {
    const word = load<u64>(first);
    store<u64>(first, bswap(load<u64>(last)));
    store<u64>(last, bswap(word));
    last -= 8;
  }
}

let w0: u64 = 0;
let w1: u64 = 0;
let w2: u64 = 0;
let w3: u64 = 0;

/** The residue in [0, p) of a lane in [−2p, 2p], 32 bytes little endian. */
function storeResidue(out: usize, lane: usize): void {
  let limb = <i64>load<f64>(lane);
  const d0 = <u64>(limb & LIMB_MASK);
  limb = <i64>load<f64>(lane, 16) + (limb >> 51);
  const d1 = <u64>(limb & LIMB_MASK);
  limb = <i64>load<f64>(lane, 32) + (limb >> 51);
  const d2 = <u64>(limb & LIMB_MASK);
  limb = <i64>load<f64>(lane, 48) + (limb >> 51);
  const d3 = <u64>(limb & LIMB_MASK);
  const d4 = <u64>(<i64>load<f64>(lane, 64) + (limb >> 51));
  w0 = d0 | (d1 << 51);
  w1 = (d1 >> 13) | (d2 << 38);
  w2 = (d2 >> 26) | (d3 << 25);
  w3 = (d3 >> 39) | (d4 << 12);
  while (<i64>w3 < 0) addOrder();
  store<u64>(out, w0);
  store<u64>(out, w1, 8);
  store<u64>(out, w2, 16);
  store<u64>(out, w3, 24);
  if (isBelowOrder(out)) return;
  subtractOrder();
  store<u64>(out, w0);
  store<u64>(out, w1, 8);
  store<u64>(out, w2, 16);
  store<u64>(out, w3, 24);
}

function addOrder(): void {
  w0 += P0;
  let carry: u64 = w0 < P0 ? 1 : 0;
  const s1 = w1 + P1;
  const t1 = s1 + carry;
  carry = (s1 < P1 ? 1 : 0) + (t1 < s1 ? 1 : 0);
  w1 = t1;
  const s2 = w2 + P2;
  const t2 = s2 + carry;
  carry = (s2 < P2 ? 1 : 0) + (t2 < s2 ? 1 : 0);
  w2 = t2;
  w3 += P3 + carry;
}

function subtractOrder(): void {
  const borrow: u64 = w0 < P0 ? 1 : 0;
  w0 -= P0;
  const s1 = w1 - P1;
  const b1: u64 = (w1 < P1 ? 1 : 0) + (s1 < borrow ? 1 : 0);
  w1 = s1 - borrow;
  const s2 = w2 - P2;
  const b2: u64 = (w2 < P2 ? 1 : 0) + (s2 < b1 ? 1 : 0);
  w2 = s2 - b1;
  w3 -= P3 + b2;
}
