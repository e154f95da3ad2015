/**
 * Whether points of files lie on the curve, two at a time, as they are: their coordinates times 2^256 are, for arithmetic with
 * a factor 2^255, those of (2x, 2y), and y² = x³ + b where 2·(2y)² = (2x)³ + 8b. Compiled once for each group.
 */

import { limbsFromBytes } from '../elements';
import { temporary } from '../thread';
import { add, ELEMENT, gather, isZero, multiply, subtract } from './coordinate';
import { isBelowOrder, RAW } from './files';

/** Field elements of a coordinate. */
const PARTS: usize = ELEMENT / 40;

/**
 * Stores the number plus 1 of the first of points from..to that has a coordinate not below p, or is not on the curve, at
 * `fault`, and nothing if there is none. `b8` is 8 times the curve's constant, an element. Infinity, all zero, is a fault
 * unless `mayBeInfinite`.
 */
export function checkPoints(
  raw: usize,
  from: u32,
  to: u32,
  b8: usize,
  mayBeInfinite: bool,
  fault: usize,
): void {
  const constant = temporary(26);
  gather(constant, b8, b8);
  for (let i = from; i < to; i += 2) {
    const p = raw + RAW * i;
    const q = raw + RAW * min(i + 1, to - 1);
    if (arePoints(p, q, constant, mayBeInfinite)) continue;
    store<u32>(fault, arePoints(p, p, constant, mayBeInfinite) ? i + 2 : i + 1);
    return;
  }
}

function arePoints(p: usize, q: usize, b8: usize, mayBeInfinite: bool): bool {
  const isInfinityP = isAllZero(p);
  const isInfinityQ = isAllZero(q);
  if (!isInfinityP && !isInfinityQ) return lieOnCurve(p, q, b8);
  if (!mayBeInfinite) return false;
  if (isInfinityP && isInfinityQ) return true;
  const finite = isInfinityP ? q : p;
  return lieOnCurve(finite, finite, b8);
}

function isAllZero(point: usize): bool {
  for (let at = point; at < point + RAW; at += 8) {
    if (load<u64>(at) !== 0) return false;
  }
  return true;
}

function lieOnCurve(p: usize, q: usize, b8: usize): bool {
  const x = temporary(20);
  const y = temporary(22);
  const cube = temporary(24);
  if (!readCoordinate(x, p, q)) return false;
  if (!readCoordinate(y, p + RAW / 2, q + RAW / 2)) return false;
  multiply(cube, x, x);
  multiply(cube, cube, x);
  multiply(y, y, y);
  add(y, y, y);
  subtract(y, y, cube);
  subtract(y, y, b8);
  return isZero(y, 0) && isZero(y, 1);
}

/** A coordinate of two points as a cell; whether its elements are below p. */
function readCoordinate(cell: usize, p: usize, q: usize): bool {
  for (let part: usize = 0; part < PARTS; part++) {
    const ofP = p + 32 * part;
    const ofQ = q + 32 * part;
    if (!isBelowOrder(ofP) || !isBelowOrder(ofQ)) return false;
    limbsFromBytes(cell + 80 * part, 16, ofP);
    limbsFromBytes(cell + 80 * part + 8, 16, ofQ);
  }
  return true;
}
