/**
 * Multiples of a group's generator by windows: scalar = Σ digit_j · 2^(w·j) with signed digits, so
 * that scalar · G = Σ ± table_j[|digit_j|], an addition per window and no doubling.
 */
import { addPairwise } from './batch-addition.ts';
import type { AffinePoint, Point, PointGroup } from './point-group.ts';

/** Bits of a scalar, one more for the carry of the last signed digit. */
export const RECODED_BITS = 255;

/**
 * The tables of one group and window width: |digit| · 2^(w·j) · G for each window j and 1 ≤ |digit|
 * ≤ 2^(w−1).
 */
export class FixedBaseTable<T> {
  readonly #group: PointGroup<T>;
  readonly #windowBits: number;
  /** By window; entry d − 1 is the multiple by d. */
  readonly #windows: readonly (readonly AffinePoint<T>[])[];

  /** @param windowBits 2 to 15 */
  constructor(group: PointGroup<T>, windowBits: number) {
    this.#group = group;
    this.#windowBits = windowBits;
    this.#windows = buildWindows(group, windowBits);
  }

  /** The products of the generator with scalars in [0, r), the zero scalar giving infinity. */
  multiply(scalars: readonly bigint[]): Point<T>[] {
    const digits = scalars.map((scalar) => signedDigits(scalar, this.#windowBits));
    let sums: Point<T>[] = new Array<Point<T>>(scalars.length).fill(null);
    for (let window = 0; window < this.#windows.length; window++) {
      const addends = digits.map((ofScalar) => this.#multiple(window, ofScalar[window]!));
      sums = addPairwise(this.#group, sums, addends);
    }
    return sums;
  }

  #multiple(window: number, digit: number): Point<T> {
    if (digit === 0) return null;
    const point = this.#windows[window]![Math.abs(digit) - 1]!;
    return digit > 0 ? point : { x: point.x, y: this.#group.field.negate(point.y) };
  }
}

/**
 * The window width that costs least for a number of scalars: windows × (scalars + table entries).
 * At most 13: wider tables leave the cache and measured no faster.
 */
export function bestWindowBits(scalarCount: number): number {
  const cost = (bits: number) => Math.ceil(RECODED_BITS / bits) * (scalarCount + 2 ** (bits - 1));
  let best = 2;
  for (let bits = 3; bits <= 13; bits++) if (cost(bits) < cost(best)) best = bits;
  return best;
}

/** Digits in (−2^(w−1), 2^(w−1)], lowest first. */
function signedDigits(scalar: bigint, windowBits: number): Int32Array {
  const base = 2 ** windowBits;
  const mask = BigInt(base - 1);
  const shift = BigInt(windowBits);
  const digits = new Int32Array(Math.ceil(RECODED_BITS / windowBits));
  let rest = scalar;
  let carry = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(rest & mask) + carry;
    carry = digit > base / 2 ? 1 : 0;
    digits[i] = digit - carry * base;
    rest >>= shift;
  }
  return digits;
}

function buildWindows<T>(group: PointGroup<T>, windowBits: number): AffinePoint<T>[][] {
  let multiples: AffinePoint<T>[][] = windowBases(group, windowBits).map((base) => [base]);
  while (multiples[0]!.length < 2 ** (windowBits - 1)) multiples = doubleTables(group, multiples);
  return multiples;
}

/** 2^(w·j) · G for each window j. */
function windowBases<T>(group: PointGroup<T>, windowBits: number): AffinePoint<T>[] {
  const bases: AffinePoint<T>[] = [group.generator];
  while (bases.length < Math.ceil(RECODED_BITS / windowBits)) {
    let base: Point<T> = bases[bases.length - 1]!;
    for (let i = 0; i < windowBits; i++) base = addPairwise(group, [base], [base])[0]!;
    bases.push(finite(base));
  }
  return bases;
}

/** Multiples 1…k of each base become multiples 1…2k, all windows sharing one inversion. */
function doubleTables<T>(group: PointGroup<T>, tables: AffinePoint<T>[][]): AffinePoint<T>[][] {
  const size = tables[0]!.length;
  const highest = tables.flatMap((table) => new Array<AffinePoint<T>>(size).fill(table[size - 1]!));
  const sums = addPairwise(group, highest, tables.flat());
  return tables.map((table, window) => [
    ...table,
    ...sums.slice(window * size, (window + 1) * size).map(finite),
  ]);
}

/** Multiples below r of a generator of order r are never infinity. */
function finite<T>(point: Point<T>): AffinePoint<T> {
  if (point === null) throw new RangeError('a multiple of the generator below its order is finite');
  return point;
}
