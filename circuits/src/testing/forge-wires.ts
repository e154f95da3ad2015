/**
 * The forger of one wire: changes a valid witness in one place and looks whether any row notices.
 */
import { reduce, SCALAR_FIELD_ORDER, type Witness } from '@zkinfer/core';
import type { SeededRandom } from '@zkinfer/core/testing';
import { type CollectedRow, type CollectedSum, evaluateSum } from './collected-rows.ts';

/** A change that no row noticed. */
export interface Forgery {
  readonly wire: number;
  readonly value: bigint;
  readonly forged: bigint;
  /** Rows in which the wire occurs. */
  readonly rows: readonly CollectedRow[];
}

/** Where a wire occurs: a row, its values in the valid witness, and the wire's coefficients. */
interface Occurrence {
  readonly row: CollectedRow;
  readonly values: readonly [bigint, bigint, bigint];
  readonly coefficients: readonly [bigint, bigint, bigint];
}

/** Changes each of the wires in several ways, and returns what went unnoticed. */
export function unnoticedForgeries(
  rows: readonly CollectedRow[],
  witness: Witness,
  wires: Iterable<number>,
  random: SeededRandom,
): Forgery[] {
  const occurrences = occurrencesByWire(rows, witness);
  const unnoticed: Forgery[] = [];
  for (const wire of wires) {
    const value = witness.get(wire);
    const places = occurrences.get(wire) ?? [];
    for (const forged of forgedValues(value, random)) {
      if (places.some((place) => fails(place, forged - value))) continue;
      unnoticed.push({ wire, value, forged, rows: places.map(({ row }) => row) });
    }
  }
  return unnoticed;
}

/**
 * The one forgery that the circuit documents: the inverse of a requantisation's overflow sum, where
 * that sum is 0.
 */
export function isFreeInverse({ wire, rows }: Forgery, witness: Witness): boolean {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) return false;
  const standsAlone = row.b.length === 1 && row.b[0]![0] === wire;
  return standsAlone && evaluateSum(row.a, (w) => witness.get(w)) === 0n && row.a.length >= 4;
}

/** ± 1, 0 ↔ 1, negated, plus powers of two, anything: whatever differs from the value. */
function forgedValues(value: bigint, random: SeededRandom): Set<bigint> {
  const shifts = [1, random.int(2, 64), random.int(65, 252)];
  const candidates = [
    value + 1n,
    value - 1n,
    1n - value,
    -value,
    random.bigint(SCALAR_FIELD_ORDER),
    ...shifts.map((shift) => value + (1n << BigInt(shift))),
  ];
  const forged = new Set(candidates.map((candidate) => reduce(candidate)));
  forged.delete(value);
  return forged;
}

function fails({ values: [a, b, c], coefficients }: Occurrence, change: bigint): boolean {
  const [inA, inB, inC] = coefficients.map((coefficient) => coefficient * change);
  return reduce((a + inA!) * (b + inB!) - (c + inC!)) !== 0n;
}

function occurrencesByWire(
  rows: readonly CollectedRow[],
  witness: Witness,
): Map<number, Occurrence[]> {
  const occurrences = new Map<number, Occurrence[]>();
  for (const row of rows) {
    const sums = [row.a, row.b, row.c] as const;
    const valueAt = (sum: CollectedSum) => evaluateSum(sum, (wire) => witness.get(wire));
    const values = [valueAt(row.a), valueAt(row.b), valueAt(row.c)] as const;
    const maps = sums.map((sum) => new Map(sum));
    for (const wire of new Set(sums.flatMap((sum) => sum.map(([w]) => w)))) {
      const [inA, inB, inC] = maps.map((map) => map.get(wire) ?? 0n);
      const places = occurrences.get(wire) ?? [];
      places.push({ row, values, coefficients: [inA!, inB!, inC!] });
      occurrences.set(wire, places);
    }
  }
  return occurrences;
}
