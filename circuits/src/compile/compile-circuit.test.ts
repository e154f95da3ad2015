import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circuitDigest, constraintStatistics, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { Network, NetworkOperation } from '../graph/network.ts';
import { sampleInputs } from '../interpret/sample-inputs.ts';
import { collectRows } from '../testing/collected-rows.ts';
import { chainOf, type InputSketch, networkOf } from '../testing/network-sketch.ts';
import { assertCounted, assertProven } from '../testing/proven-inference.ts';
import {
  randomAffine,
  randomConv2d,
  randomDense,
  requantize,
  UNPADDED,
} from '../testing/random-operations.ts';
import { compileCircuit } from './compile-circuit.ts';

const random = seededRandom(announceSeed());

/** Everything that must hold of a network's circuit. */
function assertFollows(network: Network, samples = 3): void {
  const circuit = compileCircuit(network);
  assertCounted(circuit);
  const used = new Set<number>();
  for (const { a, b, c } of collectRows(circuit)) {
    for (const [wire] of [...a, ...b, ...c]) used.add(wire);
  }
  for (let wire = 1; wire < circuit.wires; wire++)
    assert.ok(used.has(wire), `wire ${wire} is idle`);
  assert.equal(used.size, circuit.wires, 'wires beyond the circuit’s');
  assert.equal(circuitDigest(circuit), circuitDigest(circuit));
  assert.equal(circuitDigest(compileCircuit(network)), circuitDigest(circuit));
  for (const inputs of sampleInputs(random, network, samples)) {
    const inputSalt = random.boolean() ? 0n : random.bigint(SCALAR_FIELD_ORDER);
    assertProven(circuit, { inputs, inputSalt, binder: random.bigint(SCALAR_FIELD_ORDER) });
  }
}

const padding = { top: 1, bottom: 0, left: 0, right: 1 };
const vector: InputSketch = { shape: [6], lo: -7, bits: 4 };
const image: InputSketch = { shape: [4, 4, 2], lo: -7, bits: 4 };
const window = { size: [2, 2], strides: [2, 2], padding: UNPADDED } as const;
const logistic = Array.from({ length: 16 }, (_, i) => Math.round(99 / (1 + Math.exp(8 - i))));

/** One network for each operator, and operators in the company that they keep. */
const NETWORKS: Record<string, () => Network> = {
  'an input alone': () => networkOf([vector], [], ['x']),
  dense: () => chainOf(vector, randomDense(random, 6, 3)),
  'dense of zero weights': () =>
    chainOf(vector, {
      kind: 'dense',
      units: 2,
      weights: new Int16Array(12),
      bias: Float64Array.of(0, 5),
    }),
  'a convolution with padding, strides and groups': () =>
    chainOf(image, randomConv2d(random, 2, 4, { padding, strides: [2, 1], groups: 2 })),
  affine: () => chainOf(image, randomAffine(random, 2)),
  'average pooling with uneven counts': () =>
    chainOf(image, { kind: 'averagePool2d', ...window, padding }, requantize(3, -8, 7)),
  'overlapping average pooling of a dense sum': () =>
    chainOf(
      { shape: [36], bits: 2 },
      randomDense(random, 36, 9),
      { kind: 'reshape', shape: [3, 3, 1] },
      { kind: 'averagePool2d', ...window, strides: [1, 1] },
      requantize(9, -128, 127),
    ),
  'max pooling with padding': () =>
    chainOf(image, { kind: 'maxPool2d', ...window, strides: [1, 1], padding }),
  'max pooling of sums': () =>
    chainOf(image, randomConv2d(random, 2, 2), { kind: 'maxPool2d', ...window }),
  'max pooling of windows of one element': () =>
    chainOf(image, { kind: 'maxPool2d', size: [1, 1], strides: [2, 2], padding: UNPADDED }),
  'argmax of sums': () => chainOf(vector, randomDense(random, 6, 4), { kind: 'argmax' }),
  'argmax of one element': () => chainOf({ shape: [1] }, { kind: 'argmax' }),
  'argmax of a constant': () =>
    chainOf({ shape: [3], bits: 1 }, requantize(4, 0, 3), { kind: 'argmax' }),
  'leaky ReLU of sums': () =>
    chainOf(vector, randomDense(random, 6, 4), { kind: 'leakyRelu', slope: 3, shift: 4 }),
  'leaky ReLU of one sign': () =>
    chainOf(
      { shape: [2], bits: 3 },
      { kind: 'affine', weights: Int16Array.of(3, -3), bias: Float64Array.of(0, 0) },
      { kind: 'leakyRelu', slope: 1, shift: 2 },
      requantize(2, -8, 7),
    ),
  'a table': () =>
    chainOf(vector, requantize(0, -8, 7), { kind: 'table', lo: -8, table: logistic }),
  'a table of sums': () =>
    chainOf(
      { shape: [2], bits: 2 },
      { kind: 'dense', units: 1, weights: Int16Array.of(2, 3), bias: Float64Array.of(-4) },
      { kind: 'table', lo: -4, table: logistic },
    ),
  'a table of equal entries': () =>
    chainOf({ shape: [2], bits: 3 }, { kind: 'table', lo: 0, table: new Array(8).fill(-5) }),
  'a table of two entries': () =>
    chainOf({ shape: [2], bits: 1 }, { kind: 'table', lo: 0, table: [3, -7] }),
  'a table of the largest entries': () => {
    const most = 2 ** 31 - 1;
    const table = Array.from({ length: 256 }, () => random.pick([-most, most, 0]));
    return chainOf({ shape: [3] }, { kind: 'table', lo: 0, table });
  },
  'rearrangements of sums': () =>
    chainOf(
      image,
      randomConv2d(random, 2, 3),
      { kind: 'pad2d', padding },
      { kind: 'transpose', permutation: [1, 2, 0] },
      { kind: 'reshape', shape: [27] },
      requantize(5, -16, 15),
    ),
  'a residual block': () =>
    networkOf(
      [image],
      [
        [
          'sum',
          randomConv2d(random, 2, 2, { padding: { top: 1, bottom: 1, left: 1, right: 1 } }),
          'x',
        ],
        ['joined', { kind: 'add', multipliers: [1, 16] }, 'sum', 'x'],
        ['out', requantize(5, 0, 15), 'joined'],
        ['stacked', { kind: 'concat', axis: 2, multipliers: [1, -2] }, 'out', 'x'],
        ['pooled', { kind: 'maxPool2d', ...window }, 'stacked'],
      ],
    ),
  'several inputs and outputs, a tensor that leaves twice and one that is an input': () =>
    networkOf(
      [
        { name: 'a', shape: [3], lo: -4, bits: 3 },
        { name: 'unread', shape: [40], bits: 7 },
        { name: 'b', shape: [2], bits: 1 },
      ],
      [
        ['joined', { kind: 'concat', axis: 0, multipliers: [1, 1] }, 'a', 'b'],
        ['twice', { kind: 'add', multipliers: [3, -1] }, 'joined', 'joined'],
        ['best', { kind: 'argmax' }, 'twice'],
      ],
      ['best', 'b', 'twice', 'best'],
    ),
  'inputs of 32 bits and outputs of 62': () =>
    chainOf(
      { shape: [5], lo: -(2 ** 31), bits: 32 },
      { kind: 'leakyRelu', slope: 2 ** 29 - 1, shift: 29 },
      {
        kind: 'affine',
        weights: Int16Array.of(1, -1, 1, -1, 1),
        bias: new Float64Array(5).fill(3),
      },
    ),
  'maxima and argmax of accumulators of 60 bits': () =>
    networkOf(
      [{ shape: [2, 2, 1], lo: -(2 ** 29), bits: 30 }],
      [
        ['wide', { kind: 'add', multipliers: [2 ** 29 + 1] }, 'x'],
        ['most', { kind: 'maxPool2d', ...window }, 'wide'],
        ['where', { kind: 'argmax' }, 'wide'],
        ['small', requantize(40, -(2 ** 20), 2 ** 20, [5]), 'most'],
      ],
      ['most', 'where', 'small'],
    ),
  'accumulators, multipliers and bounds of the widest kind': () =>
    chainOf(
      { shape: [2], lo: -(2 ** 30), bits: 31 },
      { kind: 'add', multipliers: [2 ** 30 + 1] },
      requantize(31, -(2 ** 31) + 1, 2 ** 31 - 1, [2 ** 31 - 1, 2 ** 30 + 1]),
    ),
  'coefficients beyond the safe integers': () =>
    chainOf(
      { shape: [3], lo: -3, bits: 3 },
      {
        kind: 'affine',
        weights: Int16Array.of(32767, -32768, 1),
        bias: new Float64Array(3).fill(7),
      },
      { kind: 'leakyRelu', slope: 12345, shift: 20 },
      { kind: 'add', multipliers: [-(2 ** 18) - 1] },
      requantize(50, -100, 100, [2 ** 20 + 1]),
    ),
};

for (const [name, build] of Object.entries(NETWORKS)) {
  test(`circuit, witness and interpreter agree: ${name}`, () => assertFollows(build()));
}

/** All variants of a requantisation, on an input of 7 bits around zero. */
const REQUANTISATIONS: Record<string, NetworkOperation> = {
  'ReLU without overflow': requantize(3, 0, 15),
  'ReLU with one overflow bit': requantize(2, 0, 15),
  'ReLU with two': requantize(1, 0, 15),
  'ReLU with three': requantize(0, 0, 7),
  'ReLU with five': requantize(0, 0, 1),
  'signed bounds': requantize(2, -8, 7),
  'bounds above zero': requantize(1, 5, 12),
  'bounds below zero': requantize(1, -20, -13),
  'an upper bound of its own': requantize(2, 0, 9),
  'an upper bound of its own and overflow': requantize(0, 0, 5),
  'an upper bound that is never met': requantize(3, 0, 12),
  'bounds beyond all values': requantize(0, -(2 ** 31) + 1, 2 ** 31 - 1),
  'bounds above all values': requantize(0, 1000, 1001),
  'bounds below all values': requantize(0, -1001, -1000),
  'a shift beyond all bits': requantize(30, -8, 7),
  'the greatest shift': requantize(61, -8, 7),
  'a shift of all bits but one': requantize(6, -1, 2),
  'a multiplier': requantize(7, -8, 7, [77]),
};

for (const [name, operation] of Object.entries(REQUANTISATIONS)) {
  test(`requantise agrees on all values, of all signs: ${name}`, () => {
    const shape = [32];
    for (const [lo, bits] of [
      [-64, 7],
      [0, 7],
      [-127, 7],
      [5, 1],
    ] as const) {
      const circuit = compileCircuit(chainOf({ shape, lo, bits }, operation));
      for (let first = lo; first < lo + 2 ** bits; first += 32) {
        const inputs = [
          Float64Array.from({ length: 32 }, (_, i) => Math.min(first + i, lo + 2 ** bits - 1)),
        ];
        assertProven(circuit, { inputs, inputSalt: 0n, binder: 0n });
      }
    }
  });
}

test('multipliers and widths follow the channel', () => {
  const weights = Int16Array.of(1, 100, -7);
  const bias = Float64Array.of(0, 5, -3);
  assertFollows(
    chainOf(
      { shape: [2, 3], lo: -4, bits: 3 },
      { kind: 'affine', weights, bias },
      requantize(4, -4, 3, [9, 1, 2 ** 20]),
    ),
  );
});

test('random networks', () => {
  for (let i = 0; i < 6; i++) {
    const relu = { lo: 0, hi: random.pick([15, 11, 31]) };
    const strides = [random.int(1, 2), random.int(1, 2)] as const;
    const operations: NetworkOperation[] = [
      randomConv2d(random, 2, random.int(1, 3), { padding, strides, size: [2, 3] }),
      requantize(random.int(0, 9), relu.lo, relu.hi),
      random.boolean()
        ? { kind: 'averagePool2d', size: [2, 1], strides: [1, 1], padding: UNPADDED }
        : { kind: 'maxPool2d', size: [2, 1], strides: [1, 1], padding: UNPADDED },
    ];
    const shape = chainOf(image, ...operations).tensors.get('t2')!.shape;
    const features = shape.reduce((a, b) => a * b);
    assertFollows(
      chainOf(
        image,
        ...operations,
        { kind: 'reshape', shape: [features] },
        randomDense(random, features, 4),
        { kind: 'leakyRelu', slope: random.int(0, 7), shift: 3 },
        requantize(random.int(0, 14), -8, 7),
        { kind: 'table', lo: -8, table: logistic },
        randomDense(random, 4, 3),
        { kind: 'argmax' },
      ),
      2,
    );
  }
});

const rowsWithin = (network: Network, kind: string) =>
  compileCircuit(network)
    .blocks.filter((block) => block.kind === kind)
    .reduce((sum, { rows }) => sum + rows, 0);

test('operands are named only where composing would repeat long sums', () => {
  const long = { shape: [40], bits: 4 };
  const sum = randomDense(random, 40, 4);
  assert.equal(rowsWithin(chainOf(long, sum, randomDense(random, 4, 3)), 'name'), 4);
  assert.equal(rowsWithin(chainOf(long, sum, requantize(9, 0, 15)), 'name'), 0);
  assert.equal(
    rowsWithin(
      chainOf({ shape: [8] }, randomDense(random, 8, 4), randomDense(random, 4, 3)),
      'name',
    ),
    0,
  );
  const joined = networkOf(
    [long],
    [
      ['a', sum, 'x'],
      ['b', randomDense(random, 40, 4), 'x'],
      ['sum', { kind: 'add', multipliers: [1, 1] }, 'a', 'b'],
      ['both', { kind: 'concat', axis: 0, multipliers: [1, 2] }, 'sum', 'a'],
      ['out', requantize(9, 0, 15), 'both'],
    ],
  );
  assert.equal(rowsWithin(joined, 'name'), 0);
  assertFollows(joined, 1);
});

test('a chain of sums of a tensor with itself stays short', () => {
  const twice: NetworkOperation = { kind: 'add', multipliers: [1, 1] };
  const nodes = Array.from(
    { length: 40 },
    (_, i) => [`t${i + 1}`, twice, `t${i}`, `t${i}`] as const,
  );
  const network = networkOf([{ name: 't0', shape: [1], bits: 3 }], nodes);
  const circuit = compileCircuit(network);
  assert.ok(constraintStatistics(circuit).cTerms < 2 ** 17);
  assertProven(circuit, { inputs: [Float64Array.of(5)], inputSalt: 0n, binder: 0n });
});

test('argmax writes rows of bounded length: what it adds to A and B grows with n alone', () => {
  const terms = (elements: number) => {
    const circuit = compileCircuit(chainOf({ shape: [elements] }, { kind: 'argmax' }));
    const block = circuit.blocks.find(({ kind }) => kind === 'argmax')!;
    const emit = block.emit.bind(block);
    const { aTerms, bTerms } = constraintStatistics({ ...circuit, emit });
    return aTerms + bTerms;
  };
  assert.ok(terms(400) <= 2.1 * terms(200));
});
