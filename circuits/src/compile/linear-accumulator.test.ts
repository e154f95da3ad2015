import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { LinearAccumulator } from './linear-accumulator.ts';

const random = seededRandom(announceSeed());

test('terms on one wire are merged, wires ascend, zeros are left out', () => {
  const accumulator = new LinearAccumulator(10);
  for (const [wire, coefficient] of [
    [7, 2],
    [3, 5],
    [0, -1],
    [7, -2],
    [3, 1],
  ] as const) {
    accumulator.add(wire, coefficient);
  }
  assert.deepEqual(accumulator.take(), { wires: [0, 3], coefficients: [-1, 6] });
  assert.deepEqual(accumulator.take(), { wires: [], coefficients: [] });
});

test('sums are exact on both sides of the safe integers', () => {
  const coefficients = [2 ** 53 - 1, -(2 ** 53) + 1, 1, -1, 2n ** 80n, -(2n ** 80n), 3n, 2 ** 40];
  const accumulator = new LinearAccumulator(4);
  for (let round = 0; round < 300; round++) {
    const exact = [0n, 0n, 0n, 0n];
    for (let i = random.int(1, 12); i > 0; i--) {
      const wire = random.int(0, 3);
      const coefficient = random.pick(coefficients);
      exact[wire]! += BigInt(coefficient);
      accumulator.add(wire, coefficient);
    }
    const { wires, coefficients: sums } = accumulator.take();
    const kept = exact.map((sum, wire) => ({ wire, sum })).filter(({ sum }) => sum !== 0n);
    assert.deepEqual(
      wires.map((wire, i) => ({ wire, sum: BigInt(sums[i]!) })),
      kept,
    );
    for (const sum of sums) {
      const isSafe = Number.isSafeInteger(Number(sum));
      assert.equal(typeof sum, isSafe ? 'number' : 'bigint');
    }
  }
});

test('more terms than it starts with room for', () => {
  const accumulator = new LinearAccumulator(1000);
  for (let wire = 999; wire >= 0; wire--) accumulator.add(wire, wire + 1);
  const { wires, coefficients } = accumulator.take();
  assert.deepEqual(wires, [...Array(1000).keys()]);
  assert.equal(coefficients[999], 1000);
});
