import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { type CanonicalValue, canonicalJson } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { planRequantize } from '../gadgets/requantize-element.ts';
import { bitLength } from '../graph/integer-array.ts';
import type { DenseOperator, Network } from '../graph/network.ts';
import { chainOf } from '../testing/network-sketch.ts';
import { requantize } from '../testing/random-operations.ts';
import { syntheticPerceptron } from '../testing/synthetic-networks.ts';
import { circuitCount, type RowCounts, rowCounts } from './row-counts.ts';

const random = seededRandom(announceSeed());
let counts: RowCounts;

before(() => {
  counts = rowCounts();
});

test('the committed counts are those of the code (npm run gen -w circuits)', () => {
  const committed = new URL('../../src/compile/row-counts.json', import.meta.url);
  const text = canonicalJson(counts as unknown as CanonicalValue);
  assert.equal(readFileSync(committed, 'utf8'), text);
});

test('an input byte takes 9 rows, a linear layer none', () => {
  assert.equal(counts.inputByte, 9);
  assert.equal(counts.linear, 0);
});

test('requantise takes b + 5 rows at most, n + 2 more for bounds of its own', () => {
  for (const { case: name, accumulatorBits, outputBits, rows } of counts.requantize) {
    const more = name.startsWith('ReLU6') ? outputBits + 2 : 0;
    assert.ok(rows <= accumulatorBits + 5 + more, `${name}: ${rows} for ${accumulatorBits} bits`);
  }
});

test('requantise from 0 on keeps its budget for any range, shift and multiplier', () => {
  for (let i = 0; i < 3000; i++) {
    const [lo, hi] = [
      random.int(-(2 ** random.int(0, 50)), 0),
      random.int(0, 2 ** random.int(0, 50)),
    ];
    const multiplier = random.pick([1, random.int(1, 2 ** 31 - 1)]);
    const outputBits = random.int(1, 16);
    const upper = random.pick([
      2 ** outputBits - 1,
      random.int(2 ** (outputBits - 1), 2 ** outputBits - 1),
    ]);
    const operation = requantize(random.int(0, 40), 0, upper);
    const plan = planRequantize(operation, multiplier, { lo, hi });
    const round = operation.shift === 0 ? 0n : 2n ** BigInt(operation.shift - 1);
    const [least, greatest] = [lo, hi].map((x) => BigInt(x) * BigInt(multiplier) + round);
    const magnitude = Math.max(bitLength(greatest!), least! < 0n ? bitLength(-least! - 1n) : 0);
    const bits = magnitude + (least! < 0n ? 1 : 0);
    const more = upper === 2 ** outputBits - 1 ? 0 : outputBits + 2;
    assert.ok(plan.rows <= bits + 5 + more, `[${lo}, ${hi}] · ${multiplier} to ${upper}`);
  }
});

test('2×2 max pooling of bytes takes 32 rows at most', () => {
  assert.ok(counts.maxPool2x2 <= 32);
});

test('argmax over n values of b bits takes n · (b + 3) rows at most', () => {
  for (const { elements, bits, rows } of counts.argmax) assert.ok(rows <= elements * (bits + 3));
});

test('Poseidon with 16 inputs takes 612 multiplications, its other rows lie in C alone', () => {
  assert.deepEqual(counts.poseidon16, { multiplicationRows: 612, cOnlyRows: 204 });
});

test('whole circuits keep their budgets', () => {
  const budgets = { '784-56-10': 12_000, 'LeNet-5': 131_068, '784-2000-60-4000-10': 200_000 };
  for (const [name, budget] of Object.entries(budgets)) {
    const { rows } = counts.circuits.find((circuit) => circuit.name === name)!;
    assert.ok(rows <= budget, `${name}: ${rows} rows`);
  }
  assert.equal(counts.circuits.find(({ name }) => name === 'LeNet-5')!.domain, 17);
});

/**
 * 200-50-10, each weight ± `magnitude` in turn or 0, one in `every` of them not 0: Σ|w| is
 * magnitude / every · inputs.
 */
function regularPerceptron(magnitude: number, every: number): Network {
  const dense = (inputs: number, units: number): DenseOperator => ({
    kind: 'dense',
    units,
    weights: Int16Array.from({ length: inputs * units }, (_, at) => {
      const i = Math.floor(at / units);
      if (i % every !== 0) return 0;
      return (i / every) % 2 === 0 ? magnitude : -magnitude;
    }),
    bias: new Float64Array(units),
  });
  return chainOf({ shape: [200] }, dense(200, 40), requantize(8, 0, 255), dense(40, 10));
}

test('ten times the weights in accumulators as wide: not one byte more of proving key', () => {
  const [many, few] = [regularPerceptron(12, 1), regularPerceptron(120, 10)].map((network, i) =>
    circuitCount(`${i}`, network),
  );
  assert.equal(many!.parameters, 10 * few!.parameters);
  assert.equal(many!.provingKeyBytes, few!.provingKeyBytes);
  assert.deepEqual(many!.rowsByKind, few!.rowsByKind);
});

test('eight times the weights at as many activations: only wider sums show in the key', () => {
  const many = circuitCount('wide sums', syntheticPerceptron([100, 1000, 100, 10]));
  const few = circuitCount('short sums', syntheticPerceptron([100, 10, 1090, 10]));
  assert.ok(many.parameters > 8 * few.parameters);
  // Sums of ten times as many terms are log2(10) bits wider, some 4 rows of about 20 an activation.
  // A key follows rows.
  const activations = 1100;
  assert.ok(many.rows - few.rows <= 5 * activations, `${many.rows} and ${few.rows} rows`);
  assert.ok(many.provingKeyBytes < 1.25 * few.provingKeyBytes);
});
