import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchWeightBits } from './search-weight-bits.ts';
import type { BitsByNode } from './weight-bits-trial.ts';

/** Margins spread evenly over (0, 10]: a deviation σ changes a share of about 0.04 · σ. */
const MARGINS = {
  samples: 1000,
  margins: Float64Array.from({ length: 1000 }, (_, i) => (i + 1) / 100),
};
const ROWS_PER_BIT = { wide: 3000, narrow: 10 };

/**
 * A network of two layers whose error is known: the same from both layers, little from activations.
 */
function search(changedShare: number, floor = 1e-8, fixedRows = 20_000) {
  const rowsOf = (bits: BitsByNode) =>
    fixedRows + ROWS_PER_BIT.wide * bits.get('wide')! + ROWS_PER_BIT.narrow * bits.get('narrow')!;
  const varianceOf = (bits: BitsByNode) =>
    floor + 4 ** -bits.get('wide')! + 4 ** -bits.get('narrow')!;
  const result = searchWeightBits({
    nodes: ['wide', 'narrow'],
    margins: [MARGINS],
    changedShare,
    tryBits: (bits) => {
      const deviation = Math.sqrt(varianceOf(bits));
      const output = { samples: 64, changed: 0, rmsError: deviation, rmsSignal: 1, deviation };
      return { rows: rowsOf(bits), outputs: [output] };
    },
  });
  return { ...result, rows: rowsOf(result.weightBits) };
}

test('the target is met, and a stricter one takes more bits', () => {
  const [loose, strict] = [search(0.01), search(0.0005)];
  for (const { targetMet, trials } of [loose, strict]) {
    assert.equal(targetMet, true);
    assert.ok(trials.at(-1)!.expectedChangedShare <= 0.01);
  }
  assert.ok(strict.weightBits.get('wide')! > loose.weightBits.get('wide')!);
});

test('bits go where they cost few rows', () => {
  const { weightBits } = search(0.001, 1e-8, 43_500);
  const [wide, narrow] = [weightBits.get('wide')!, weightBits.get('narrow')!];
  assert.ok(narrow > wide, `${narrow} and ${wide} bits`);
});

test('rows left below a power of two are spent on accuracy', () => {
  const [tight, roomy] = [search(0.001, 1e-8, 43_500), search(0.001, 1e-8, 20_000)];
  assert.ok(tight.rows < 2 ** 16 && roomy.rows < 2 ** 16);
  assert.ok(roomy.weightBits.get('wide')! > tight.weightBits.get('wide')!);
  const [tightError, roomyError] = [tight, roomy].map(({ trials }) => trials.at(-1)!.rmsError);
  assert.ok(roomyError! < tightError!);
});

test('where activations alone miss the target the search says so, and stops near what they allow', () => {
  const { targetMet, weightBits } = search(0.0005, 0.01);
  assert.equal(targetMet, false);
  assert.ok(weightBits.get('wide')! <= 7, `${weightBits.get('wide')} bits`);
});

test('the trade-off lists uniform choices and ends with the one chosen', () => {
  const { trials, weightBits } = search(0.001);
  assert.deepEqual([...trials.at(-1)!.weightBits], [...weightBits]);
  const rows = trials.slice(0, -1).map((trial) => trial.rows);
  assert.deepEqual(
    rows,
    [...rows].sort((a, b) => a - b),
  );
});
