import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constraintStatistics, provingKeyBytes } from './constraint-statistics.ts';
import { systemOf, terms } from './testing/small-systems.ts';

const system = systemOf(7, 1, 1, [
  [terms([1, 1]), terms([0, 1], [1, -1]), terms()],
  [terms(), terms(), terms([1, 1], [2, 2], [3, 3])],
  [terms([1, 1], [3, 1]), terms([2, 1]), terms([5, 1])],
]);

test('behavior: rows, terms and occurring wires are counted', () => {
  assert.deepEqual(constraintStatistics(system), {
    rows: 3,
    cOnlyRows: 1,
    aTerms: 3,
    bTerms: 3,
    cTerms: 4,
    aWires: 2,
    bWires: 3,
  });
});

test('behavior: a key’s size follows the terms of A and B, wires and domain, not C', () => {
  const signals = 3;
  const expected = 868 + 44 * (6 + signals) + 64 * signals + 256 * 7 + 64 * (7 - signals) + 64 * 8;
  assert.equal(provingKeyBytes(constraintStatistics(system), system), expected);
});
