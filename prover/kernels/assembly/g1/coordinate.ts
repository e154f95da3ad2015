/** Coordinates of G1: elements of the base field, 40 bytes; a cell of two is 80 bytes. */
import {
  FROM_INVERSE,
  multiply as multiplyFp,
  multiplySubtract as multiplySubtractFp,
  ONE,
  PLAIN_ONE,
  square as squareFp,
} from '../fp/field';
import { invertLimbs } from '../inverse';
import {
  addCells,
  copyLane,
  gatherDifference as gatherDifferenceFp,
  gatherElement,
  gatherSigned as gatherSignedFp,
  laneHasZeroLimbs,
  scatterElement,
  spreadFirstLane,
  subtractCells,
  swapLanes,
} from '../lanes';
import { temporary } from '../thread';

export const ELEMENT: usize = 40;
export const CELL: usize = 80;

export function gather(out: usize, p: usize, q: usize): void {
  gatherElement(out, p, q);
}

export function scatter(cell: usize, p: usize, q: usize): void {
  scatterElement(cell, p, q);
}

export function gatherDifference(out: usize, p1: usize, q1: usize, p0: usize, q0: usize): void {
  gatherDifferenceFp(out, p1, q1, p0, q0);
}

export function gatherSigned(out: usize, p: usize, q: usize, mask: v128): void {
  gatherSignedFp(out, p, q, mask);
}

export function add(out: usize, a: usize, b: usize): void {
  addCells(out, a, b);
}

export function subtract(out: usize, a: usize, b: usize): void {
  subtractCells(out, a, b);
}

export function multiply(out: usize, a: usize, b: usize): void {
  multiplyFp(out, a, b);
}

/** a·b − m, for limbs of m up to 2^51. */
export function multiplySubtract(out: usize, a: usize, b: usize, m: usize): void {
  multiplySubtractFp(out, a, b, m);
}

/** a² − m. */
export function squareSubtract(out: usize, a: usize, m: usize): void {
  multiplySubtractFp(out, a, a, m);
}

export function square(out: usize, a: usize): void {
  squareFp(out, a);
}

export function setOne(cell: usize, lane: usize): void {
  copyLane(cell, ONE, lane);
}

/** Whether an element of any range is 0 mod p: times 1 it is below p, and then its limbs are its only ones. */
export function isZero(cell: usize, lane: usize): bool {
  const product = temporary(0);
  multiplyFp(product, cell, PLAIN_ONE);
  return laneHasZeroLimbs(product, lane);
}

/**
 * Inverts both lanes in place, unless one is 0: then returns false. For |a| ≤ 1.03 the result is at most 1.17: the integer inverse
 * is below 2·p, times `FROM_INVERSE`, 0.97, at most 1.37, times the other lane 1.17. Uses temporaries 0 to 2.
 */
export function invert(cell: usize): bool {
  const swapped = temporary(1);
  const product = temporary(2);
  swapLanes(swapped, cell);
  multiplyFp(product, cell, swapped);
  if (isZero(product, 0)) return false;
  invertLimbs(product, 16);
  spreadFirstLane(product);
  multiplyFp(product, product, FROM_INVERSE);
  multiplyFp(cell, product, swapped);
  return true;
}
