/**
 * Soundness, exhaustively: for each input of a small circuit, all assignments that satisfy its rows
 * are found, and there is one, the witness.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { compileCircuit } from '../compile/compile-circuit.ts';
import { planRequantize } from '../gadgets/requantize-element.ts';
import type { Network, NetworkOperation } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { interpret } from '../interpret/interpret.ts';
import { collectRows } from '../testing/collected-rows.ts';
import { enumerateAssignments } from '../testing/enumerate-assignments.ts';
import { chainOf } from '../testing/network-sketch.ts';
import { requantize, UNPADDED } from '../testing/random-operations.ts';
import { calculateWitness } from '../witness/calculate-witness.ts';

const random = seededRandom(announceSeed());

/** Blocks whose wires do not follow from the input's alone, or that are not the network's. */
const LEFT_OUT = new Set(['input', 'poseidon', 'binder']);

/** All inputs of a network with one input tensor. */
function* allInputs({ inputs: [input] }: Network): Generator<Float64Array> {
  const { lo, bits, shape } = input!;
  const count = elementCount(shape);
  for (let code = 0; code < 2 ** (bits * count); code++) {
    yield Float64Array.from({ length: count }, (_, i) => lo + ((code >> (bits * i)) % 2 ** bits));
  }
}

/** Asserts uniqueness for all inputs; returns for how many of them a wire was free. */
function assertUnique(network: Network): number {
  const circuit = compileCircuit(network);
  const blocks = circuit.blocks.filter(({ kind }) => !LEFT_OUT.has(kind));
  const rows = collectRows(...blocks);
  const wires = blocks.flatMap((block) =>
    [...Array(block.wires).keys()].map((i) => block.firstWire + i),
  );
  const { firstWire } = circuit.blocks[0]!;
  let withFree = 0;
  for (const input of allInputs(network)) {
    const fixed = new Map([...input].map((value, i) => [firstWire + i, BigInt(value)]));
    const found = enumerateAssignments(rows, fixed);
    assert.equal(found.length, 1, `${found.length} assignments for [${input.join()}]`);
    const { values, free } = found[0]!;
    const { witness } = calculateWitness(circuit, { inputs: [input], inputSalt: 0n, binder: 0n });
    for (const wire of wires) {
      if (free.includes(wire)) continue;
      assert.equal(values.get(wire), witness.get(wire), `wire ${wire} for [${input.join()}]`);
    }
    assert.ok(free.length <= elementCount(network.inputs[0]!.shape), 'one free wire an element');
    if (free.length > 0) withFree++;
  }
  return withFree;
}

const SIX_BITS = [
  { shape: [1], lo: -32, bits: 6 },
  { shape: [1], lo: 0, bits: 6 },
];

const REQUANTISATIONS: Record<string, NetworkOperation> = {
  'without overflow': requantize(3, 0, 15),
  'with rounding over two bits': requantize(2, 0, 7),
  'from a negative bound': requantize(2, -4, 3),
  'from a positive bound': requantize(1, 3, 10),
  'to an upper bound of its own': requantize(1, 0, 5),
  'to an upper bound of its own, from a negative one': requantize(1, -3, 2),
  'to two values': requantize(4, 0, 1),
  'by a multiplier': requantize(5, 0, 7, [5]),
  'to a constant': requantize(8, 0, 3),
};

for (const [name, operation] of Object.entries(REQUANTISATIONS)) {
  test(`one assignment for each accumulator: requantise ${name}`, () => {
    for (const input of SIX_BITS) assert.equal(assertUnique(chainOf(input, operation)), 0);
  });
}

test('one assignment for each accumulator: requantise with one to three overflow bits', () => {
  for (const { lo, greatest, upTo } of [
    { lo: -32, greatest: 32, upTo: [15, 7, 3] },
    { lo: 0, greatest: 64, upTo: [31, 15, 7] },
  ]) {
    upTo.forEach((hi, i) => {
      const operation = requantize(1, 0, hi);
      const plan = planRequantize(operation, 1, { lo, hi: greatest - 1 });
      assert.deepEqual([plan.overflowBits, plan.signed], [i + 1, lo < 0]);
      assert.equal(assertUnique(chainOf({ shape: [1], lo, bits: 6 }, operation)), 0);
    });
  }
});

test('one assignment but for the free inverse: requantise with four overflow bits or more', () => {
  const [signed, unsigned] = SIX_BITS.map((input) =>
    assertUnique(chainOf(input, requantize(0, 0, 1))),
  );
  // The sum of bits 1 to 4, or 1 to 5, is 0 for the values −32, −31, 0 and 1, or 0 and 1.
  assert.deepEqual([signed, unsigned], [4, 2]);
});

test('one assignment for each input: max pooling of two and three elements', () => {
  for (const [count, bits] of [
    [2, 3],
    [3, 2],
  ] as const) {
    const pool: NetworkOperation = {
      kind: 'maxPool2d',
      size: [1, count],
      strides: [1, 1],
      padding: UNPADDED,
    };
    assert.equal(assertUnique(chainOf({ shape: [1, count, 1], lo: -2, bits }, pool)), 0);
  }
});

test('one assignment for each input: max pooling where static ranges decide', () => {
  const bias = Float64Array.of(0, 3, 9);
  const network = chainOf(
    { shape: [1, 1, 3], bits: 2 },
    { kind: 'affine', weights: Int16Array.of(1, 1, 1), bias },
    { kind: 'transpose', permutation: [0, 2, 1] },
    { kind: 'maxPool2d', size: [1, 2], strides: [1, 1], padding: UNPADDED },
  );
  assert.equal(assertUnique(network), 0);
});

test('one assignment for each input, the lowest index on ties: argmax', () => {
  for (const count of [1, 2, 3, 4]) {
    const network = chainOf({ shape: [count], lo: -2, bits: 2 }, { kind: 'argmax' });
    assert.equal(assertUnique(network), 0);
    for (const input of allInputs(network)) {
      const lowest = [...input].indexOf(Math.max(...input));
      assert.equal(interpret(network, [input]).get('t0')![0], lowest);
    }
  }
});

test('one assignment for each input: leaky ReLU', () => {
  for (const [lo, bits] of [
    [-16, 5],
    [-1, 1],
    [-3, 3],
    [-8, 3],
  ] as const) {
    const leaky: NetworkOperation = { kind: 'leakyRelu', slope: 1, shift: 2 };
    assert.equal(assertUnique(chainOf({ shape: [1], lo, bits }, leaky)), 0);
  }
});

test('one assignment for each input: tables', () => {
  for (let bits = 1; bits <= 6; bits++) {
    const table = Array.from({ length: 2 ** bits }, () => random.int(-3, 3));
    assert.equal(
      assertUnique(chainOf({ shape: [1], lo: -2, bits }, { kind: 'table', lo: -2, table })),
      0,
    );
  }
  const constant: NetworkOperation = { kind: 'table', lo: 0, table: new Array(8).fill(4) };
  assert.equal(assertUnique(chainOf({ shape: [1], bits: 3 }, constant)), 0);
});

test('the search finds second assignments where there are some', () => {
  const one = [[1, 1n]] as const;
  const boolean = { a: one, b: one, c: one };
  assert.equal(enumerateAssignments([boolean], new Map()).length, 2);
  // 2 · w1 = w2 · 0 leaves w2 free.
  const rows = [{ a: [], b: [[2, 1n]] as const, c: [[1, 2n]] as const }];
  const [assignment, ...others] = enumerateAssignments(rows, new Map());
  assert.deepEqual([assignment!.free, others], [[2], []]);
});
