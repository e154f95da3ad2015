/** Rows of kernels' tables: `2^12`, `2^14` … */

/** Rows for powers of two. */
export function sizeRows(...powers: readonly number[]): string[] {
  return powers.map((power) => `2^${power}`);
}

/** The exponent of such a row. @throws RangeError if it is none */
export function powerOf(row: string): number {
  const match = /^2\^(\d+)$/.exec(row);
  if (match === null) throw new RangeError(`powerOf: expected 2^n, got ${row}`);
  return Number(match[1]);
}
