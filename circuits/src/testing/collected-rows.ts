/** Rows held in memory as residues, for the tests that take a circuit apart. */
import assert from 'node:assert/strict';
import { type LinearCombination, type RowSink, reduce } from '@zkinfer/core';

/** Terms of a combination: wire and residue mod r, wires ascending. */
export type CollectedSum = readonly (readonly [wire: number, coefficient: bigint])[];

export interface CollectedRow {
  readonly a: CollectedSum;
  readonly b: CollectedSum;
  readonly c: CollectedSum;
}

/** What emits: a system, or one of its blocks. */
interface Emitter {
  emit(sink: RowSink): void;
}

/** All rows, each checked: wires ascending and distinct, coefficients not zero mod r. */
export function collectRows(...emitters: readonly Emitter[]): CollectedRow[] {
  const rows: CollectedRow[] = [];
  const row = (a: LinearCombination, b: LinearCombination, c: LinearCombination): void => {
    rows.push({ a: collectSum(a), b: collectSum(b), c: collectSum(c) });
  };
  for (const emitter of emitters) emitter.emit({ row });
  return rows;
}

/** The value of a sum, mod r. */
export function evaluateSum(sum: CollectedSum, valueAt: (wire: number) => bigint): bigint {
  return reduce(sum.reduce((total, [wire, factor]) => total + factor * valueAt(wire), 0n));
}

function collectSum({ wires, coefficients }: LinearCombination): CollectedSum {
  assert.equal(wires.length, coefficients.length);
  return Array.from(wires, (wire, i) => {
    assert.ok(wire > (i === 0 ? -1 : wires[i - 1]!), 'wires must ascend');
    const coefficient = reduce(BigInt(coefficients[i]!));
    assert.notEqual(coefficient, 0n, 'a coefficient is zero');
    return [wire, coefficient] as const;
  });
}
