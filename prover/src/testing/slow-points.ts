/**
 * Points of G1 and G2 by the chord and tangent rule as textbooks have it, one inversion an
 * addition: the slow twin of all kernels that add points. One arithmetic for both groups:
 * coordinates of G1 are those of F_p² = F_p[u]/(u² + 1) without u.
 */
import { BASE_FIELD_ORDER, invert, reduce } from '@zkinfer/core';
import type { QuadraticElement } from '../curve/coordinate-field.ts';
import { G1, G2, type GroupName, type Point } from '../curve/point-group.ts';

const P = BASE_FIELD_ORDER;

/** A point of either group; `null` is infinity. */
export type SlowPoint = Point<QuadraticElement>;

/** The generators of EIP-196 and EIP-197. */
export const SLOW_GENERATORS: Readonly<Record<GroupName, SlowPoint>> = {
  g1: slowPoint(G1.generator),
  g2: G2.generator,
};

/** A point of G1 among those of both groups. */
export function slowPoint(point: Point<bigint>): SlowPoint {
  return point && { x: { c0: point.x, c1: 0n }, y: { c0: point.y, c1: 0n } };
}

/**
 * p + q. Of two pairs of coordinates that lie on no curve it gives what the chord's formula gives.
 */
export function addSlow(p: SlowPoint, q: SlowPoint): SlowPoint {
  if (p === null) return q;
  if (q === null) return p;
  const isSameX = isZero(subtract(p.x, q.x));
  if (isSameX && isZero(add(p.y, q.y))) return null;
  const square = multiply(p.x, p.x);
  const slope = isSameX
    ? divide(add(square, add(square, square)), add(p.y, p.y))
    : divide(subtract(q.y, p.y), subtract(q.x, p.x));
  const x = subtract(multiply(slope, slope), add(p.x, q.x));
  return { x, y: subtract(multiply(slope, subtract(p.x, x)), p.y) };
}

/** −p. */
export function negateSlow(p: SlowPoint): SlowPoint {
  return p && { x: p.x, y: subtract(ZERO, p.y) };
}

/** scalar · p by doubling and adding; negative scalars too. */
export function multiplySlow(p: SlowPoint, scalar: bigint): SlowPoint {
  if (scalar < 0n) return multiplySlow(negateSlow(p), -scalar);
  let sum: SlowPoint = null;
  for (const bit of scalar.toString(2)) {
    sum = addSlow(sum, sum);
    if (bit === '1') sum = addSlow(sum, p);
  }
  return sum;
}

/** Σ scalar_i · point_i. */
export function multiplyAllSlow(points: readonly SlowPoint[], scalars: readonly bigint[]) {
  return points.map((point, i) => multiplySlow(point, scalars[i]!)).reduce(addSlow, null);
}

const ZERO: QuadraticElement = { c0: 0n, c1: 0n };

function add(a: QuadraticElement, b: QuadraticElement): QuadraticElement {
  return { c0: reduce(a.c0 + b.c0, P), c1: reduce(a.c1 + b.c1, P) };
}

function subtract(a: QuadraticElement, b: QuadraticElement): QuadraticElement {
  return { c0: reduce(a.c0 - b.c0, P), c1: reduce(a.c1 - b.c1, P) };
}

function multiply(a: QuadraticElement, b: QuadraticElement): QuadraticElement {
  return {
    c0: reduce(a.c0 * b.c0 - a.c1 * b.c1, P),
    c1: reduce(a.c0 * b.c1 + a.c1 * b.c0, P),
  };
}

/** a/b = a · (b0 − b1·u)/(b0² + b1²). */
function divide(a: QuadraticElement, b: QuadraticElement): QuadraticElement {
  const norm = invert(b.c0 * b.c0 + b.c1 * b.c1, P);
  return multiply(multiply(a, { c0: b.c0, c1: -b.c1 }), { c0: norm, c1: 0n });
}

function isZero({ c0, c1 }: QuadraticElement): boolean {
  return c0 === 0n && c1 === 0n;
}
