import type { CoordinateField } from './coordinate-field.ts';
import type { AffinePoint, Point, PointGroup } from './point-group.ts';

/**
 * left[i] + right[i] for all i, in affine coordinates with one inversion in all: Montgomery's trick
 * makes an addition five multiplications and a square. Any pair is handled: infinity, equal points,
 * opposite points.
 */
export function addPairwise<T>(
  group: PointGroup<T>,
  left: readonly Point<T>[],
  right: readonly Point<T>[],
): Point<T>[] {
  const { field } = group;
  const sums = new Array<Point<T>>(left.length);
  const pending: number[] = [];
  const denominators: T[] = [];
  for (let i = 0; i < left.length; i++) {
    const [p, q] = [left[i]!, right[i]!];
    if (p === null || q === null) {
      sums[i] = p ?? q;
      continue;
    }
    const denominator = chordDenominator(field, p, q);
    if (field.isZero(denominator)) {
      sums[i] = null;
      continue;
    }
    pending.push(i);
    denominators.push(denominator);
  }
  const inverses = invertBatch(field, denominators);
  for (let k = 0; k < pending.length; k++) {
    const i = pending[k]!;
    sums[i] = chordSum(field, left[i]!, right[i]!, inverses[k]!);
  }
  return sums;
}

/** x₂ − x₁, or 2y for equal points; zero when the sum is infinity. */
function chordDenominator<T>(field: CoordinateField<T>, p: AffinePoint<T>, q: AffinePoint<T>): T {
  const difference = field.subtract(q.x, p.x);
  if (!field.isZero(difference)) return difference;
  return field.add(p.y, q.y);
}

function chordSum<T>(
  field: CoordinateField<T>,
  p: AffinePoint<T>,
  q: AffinePoint<T>,
  inverseDenominator: T,
): AffinePoint<T> {
  const slope = field.multiply(slopeNumerator(field, p, q), inverseDenominator);
  const x = field.subtract(field.subtract(field.square(slope), p.x), q.x);
  const y = field.subtract(field.multiply(slope, field.subtract(p.x, x)), p.y);
  return { x, y };
}

function slopeNumerator<T>(field: CoordinateField<T>, p: AffinePoint<T>, q: AffinePoint<T>): T {
  if (!field.equal(p.x, q.x)) return field.subtract(q.y, p.y);
  const square = field.square(p.x);
  return field.add(field.add(square, square), square);
}

function invertBatch<T>(field: CoordinateField<T>, values: readonly T[]): T[] {
  if (values.length === 0) return [];
  const prefixes = new Array<T>(values.length);
  let product = field.one;
  for (let i = 0; i < values.length; i++) {
    prefixes[i] = product;
    product = field.multiply(product, values[i]!);
  }
  let inverse = field.invert(product);
  const inverses = new Array<T>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = field.multiply(inverse, prefixes[i]!);
    inverse = field.multiply(inverse, values[i]!);
  }
  return inverses;
}
