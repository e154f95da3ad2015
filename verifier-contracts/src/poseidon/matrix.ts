/** Small matrices over BN254's scalar field, rows of elements in [0, r). */
import { invert, reduce } from '@zkinfer/core';

export type Matrix = readonly (readonly bigint[])[];

/** Σ aᵢ·bᵢ. */
export function innerProduct(a: readonly bigint[], b: readonly bigint[]): bigint {
  return reduce(a.reduce((sum, x, i) => sum + x * b[i]!, 0n));
}

/** matrix · vector. */
export function apply(matrix: Matrix, vector: readonly bigint[]): bigint[] {
  return matrix.map((row) => innerProduct(row, vector));
}

/** left · right. */
export function multiply(left: Matrix, right: Matrix): bigint[][] {
  const columns = transpose(right);
  return left.map((row) => columns.map((column) => innerProduct(row, column)));
}

/** Rows become columns. */
export function transpose(matrix: Matrix): bigint[][] {
  return matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));
}

/**
 * The inverse of a square matrix, by Gauss and Jordan's elimination.
 * @throws RangeError if there is none
 */
export function invertMatrix(matrix: Matrix): bigint[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))]);
  for (let column = 0; column < size; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && row[column] !== 0n);
    if (pivot < 0) throw new RangeError('invertMatrix: expected a regular matrix');
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const scale = invert(rows[column]![column]!);
    rows[column] = rows[column]!.map((x) => reduce(x * scale));
    for (let i = 0; i < size; i++) {
      const factor = rows[i]![column]!;
      if (i === column || factor === 0n) continue;
      rows[i] = rows[i]!.map((x, j) => reduce(x - factor * rows[column]![j]!));
    }
  }
  return rows.map((row) => row.slice(size));
}
