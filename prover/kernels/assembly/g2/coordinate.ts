/** Coordinates of G2: c0 + c1·u with u² = −1, two elements of the base field, 80 bytes; a cell of two is 160 bytes. */
import {
  dot,
  dotSubtract,
  FROM_INVERSE,
  multiply as multiplyFp,
  multiplySubtract as multiplySubtractFp,
  ONE,
  PLAIN_ONE,
  ZERO,
} from '../fp/field';
import { invertLimbs } from '../inverse';
import {
  addCells,
  copyCell,
  copyLane,
  gatherDifference as gatherDifferenceFp,
  gatherElement,
  gatherSigned as gatherSignedFp,
  laneHasZeroLimbs,
  negateCell,
  scatterElement,
  spreadFirstLane,
  subtractCells,
  swapLanes,
} from '../lanes';
import { clearWords, temporary } from '../thread';

export const ELEMENT: usize = 80;
export const CELL: usize = 160;

/** Offsets of c1 in elements and cells. */
const ELEMENT_C1: usize = 40;
const C1: usize = 80;

export function gather(out: usize, p: usize, q: usize): void {
  gatherElement(out, p, q);
  gatherElement(out + C1, p + ELEMENT_C1, q + ELEMENT_C1);
}

export function scatter(cell: usize, p: usize, q: usize): void {
  scatterElement(cell, p, q);
  scatterElement(cell + C1, p + ELEMENT_C1, q + ELEMENT_C1);
}

export function gatherDifference(out: usize, p1: usize, q1: usize, p0: usize, q0: usize): void {
  const d = ELEMENT_C1;
  gatherDifferenceFp(out, p1, q1, p0, q0);
  gatherDifferenceFp(out + C1, p1 + d, q1 + d, p0 + d, q0 + d);
}

export function gatherSigned(out: usize, p: usize, q: usize, mask: v128): void {
  gatherSignedFp(out, p, q, mask);
  gatherSignedFp(out + C1, p + ELEMENT_C1, q + ELEMENT_C1, mask);
}

export function add(out: usize, a: usize, b: usize): void {
  addCells(out, a, b);
  addCells(out + C1, a + C1, b + C1);
}

export function subtract(out: usize, a: usize, b: usize): void {
  subtractCells(out, a, b);
  subtractCells(out + C1, a + C1, b + C1);
}

/**
 * Reduced to |c| ≤ 0.5 + 2^-38. For parts |a_i| ≤ x and |b_i| ≤ y what is folded, a sum of two products, is at most 2 · 0.379·x·y +
 * 0.63, and folding takes 2.5: so x·y ≤ 2.4. Callers multiply at most 1 by 1 (raw coordinates) or 0.5 by 1.5 (3x²). Uses
 * temporaries 3 and 4.
 */
export function multiply(out: usize, a: usize, b: usize): void {
  const negative = temporary(3);
  const c0 = temporary(4);
  negateCell(negative, b + C1);
  dot(c0, a, b, a + C1, negative);
  dot(out + C1, a, b + C1, a + C1, b);
  copyCell(out, c0);
}

/** a·b − m, for limbs of m up to 2^51 and x·y as above with |m| put in: 2 · 0.379·x·y + 0.63 + |m| ≤ 2.5. Uses temporaries 3 and 4. */
export function multiplySubtract(out: usize, a: usize, b: usize, m: usize): void {
  const negative = temporary(3);
  const c0 = temporary(4);
  negateCell(negative, b + C1);
  dotSubtract(c0, a, b, a + C1, negative, m);
  dotSubtract(out + C1, a, b + C1, a + C1, b, m + C1);
  copyCell(out, c0);
}

/**
 * a² − m = (a0 + a1)(a0 − a1) − m0, 2·a0·a1 − m1; for |a| ≤ 0.51 and |m| ≤ 1.02 what is folded is at most
 * 0.379 · 1.02² + 0.63 + 1.02 < 2.1. Uses temporaries 3 to 5.
 */
export function squareSubtract(out: usize, a: usize, m: usize): void {
  const sum = temporary(3);
  const difference = temporary(4);
  const c0 = temporary(5);
  addCells(sum, a, a + C1);
  subtractCells(difference, a, a + C1);
  multiplySubtractFp(c0, sum, difference, m);
  addCells(sum, a, a);
  multiplySubtractFp(out + C1, sum, a + C1, m + C1);
  copyCell(out, c0);
}

/** Uses temporaries 3 to 6 and 14, 15. */
export function square(out: usize, a: usize): void {
  clearWords(temporary(14), 160);
  squareSubtract(out, a, temporary(14));
}

export function setOne(cell: usize, lane: usize): void {
  copyLane(cell, ONE, lane);
  copyLane(cell + C1, ZERO, lane);
}

/** Whether an element of any range is 0 mod p. Uses temporary 0. */
export function isZero(cell: usize, lane: usize): bool {
  const product = temporary(0);
  multiplyFp(product, cell, PLAIN_ONE);
  if (!laneHasZeroLimbs(product, lane)) return false;
  multiplyFp(product, cell + C1, PLAIN_ONE);
  return laneHasZeroLimbs(product, lane);
}

/**
 * Inverts both lanes in place, unless one is 0: then returns false. 1/a = (a0 − a1·u)/(a0² + a1²), and the norm is 0 only
 * for a = 0. For |a| ≤ 1.02 the norm is folded, the inverse's parts are at most 0.97. Uses temporaries 0 to 2, 6 and 7.
 */
export function invert(cell: usize): bool {
  const norm = temporary(6);
  const swapped = temporary(1);
  const product = temporary(2);
  dot(norm, cell, cell, cell + C1, cell + C1);
  swapLanes(swapped, norm);
  multiplyFp(product, norm, swapped);
  multiplyFp(temporary(0), product, PLAIN_ONE);
  if (laneHasZeroLimbs(temporary(0), 0)) return false;
  invertLimbs(product, 16);
  spreadFirstLane(product);
  multiplyFp(product, product, FROM_INVERSE);
  multiplyFp(norm, product, swapped);
  negateCell(temporary(7), norm);
  multiplyFp(cell, cell, norm);
  multiplyFp(cell + C1, cell + C1, temporary(7));
  return true;
}
