import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { interpret } from '../interpret/interpret.ts';
import { sampleInputs } from '../interpret/sample-inputs.ts';
import { chainOf, type InputSketch, networkOf } from '../testing/network-sketch.ts';
import {
  randomAffine,
  randomConv2d,
  randomDense,
  requantize,
  UNPADDED,
} from '../testing/random-operations.ts';
import { rangedTensorsOf } from './build-network.ts';
import { isWide } from './integer-array.ts';
import { linearMapOf } from './linear/linear-map-of.ts';
import type { LinearOperator, Network, NetworkOperation } from './network.ts';

const random = seededRandom(announceSeed());
const rangedOf = (network: Network, name: string) =>
  rangedTensorsOf(network.inputs, network.nodes).get(name)!;

/** Asserts that the values of a run lie in the static ranges of all elements. */
function assertContained(network: Network, inputs: Float64Array[]): void {
  const ranged = rangedTensorsOf(network.inputs, network.nodes);
  for (const [name, values] of interpret(network, inputs)) {
    const { ranges } = ranged.get(name)!;
    const info = network.tensors.get(name)!;
    values.forEach((value: number | bigint, element: number) => {
      const bounds = `${value} in [${ranges.lo[element]}, ${ranges.hi[element]}]`;
      assert.ok(value >= ranges.lo[element]! && value <= ranges.hi[element]!, `${name}: ${bounds}`);
      assert.ok(value >= info.lo && value <= info.hi, `${name}: overall`);
    });
  }
}

const padding = { top: 1, bottom: 0, left: 0, right: 1 };
const IMAGE: InputSketch = { shape: [4, 4, 2], lo: -3, bits: 4 };
const LINEAR: Record<string, [InputSketch, () => LinearOperator]> = {
  dense: [{ shape: [9], lo: -3, bits: 4 }, () => randomDense(random, 9, 5)],
  'a convolution': [IMAGE, () => randomConv2d(random, 2, 3, { padding })],
  'an affine map': [IMAGE, () => randomAffine(random, 2)],
  'average pooling': [
    IMAGE,
    () => ({ kind: 'averagePool2d', size: [3, 2], strides: [2, 2], padding }),
  ],
  padding: [IMAGE, () => ({ kind: 'pad2d', padding })],
  'a transposition': [IMAGE, () => ({ kind: 'transpose', permutation: [2, 0, 1] })],
};

for (const [name, [input, operation]] of Object.entries(LINEAR)) {
  test(`the range of each element of ${name} is attained at both ends`, () => {
    const operator = operation();
    const network = chainOf(input, operator);
    const { ranges } = rangedOf(network, 't0');
    const { terms, outputShape } = linearMapOf(operator, [input.shape]);
    const [least, greatest] = [input.lo!, input.lo! + 2 ** input.bits! - 1];
    assert.deepEqual(outputShape, network.tensors.get('t0')!.shape);
    for (let element = 0; element < ranges.lo.length; element++) {
      const extremes = [greatest, least].map((atNegative) => {
        const atPositive = least + greatest - atNegative;
        const values = new Float64Array(network.inputs[0]!.shape.reduce((a, b) => a * b)).fill(
          least,
        );
        terms(element, (_, index, weight) => {
          values[index] = weight < 0 ? atNegative : atPositive;
        });
        return interpret(network, [values]).get('t0')![element];
      });
      assert.deepEqual(extremes, [ranges.lo[element], ranges.hi[element]], `element ${element}`);
    }
    for (const inputs of sampleInputs(random, network, 5)) assertContained(network, inputs);
  });
}

test('ranges contain what networks of several operators compute', () => {
  const pool = { size: [2, 2], strides: [2, 2], padding: UNPADDED } as const;
  const operations: NetworkOperation[] = [
    randomConv2d(random, 2, 4, { padding }),
    requantize(6, 0, 200),
    { kind: 'maxPool2d', ...pool },
    { kind: 'reshape', shape: [4] },
    randomDense(random, 4, 6),
    { kind: 'leakyRelu', slope: 3, shift: 5 },
    requantize(9, -16, 15, [1, 2, 3, 4, 5, 6]),
    { kind: 'table', lo: -16, table: Array.from({ length: 32 }, () => random.int(-99, 99)) },
    { kind: 'argmax' },
  ];
  const network = chainOf(IMAGE, ...operations);
  for (const inputs of sampleInputs(random, network, 40)) assertContained(network, inputs);
});

test('the ranges of nonlinear operators on one element are attained', () => {
  const input: InputSketch = { shape: [1], lo: -40, bits: 6 };
  const table = Array.from({ length: 64 }, () => random.int(-99, 99));
  const operations: NetworkOperation[] = [
    requantize(2, -5, 2),
    requantize(0, -64, 63, [3]),
    { kind: 'leakyRelu', slope: 1, shift: 3 },
    { kind: 'table', lo: -40, table },
  ];
  for (const operation of operations) {
    const network = chainOf(input, operation);
    const all = Array.from({ length: 64 }, (_, i) => {
      const values = Float64Array.of(i - 40);
      return Number(interpret(network, [values]).get('t0')![0]);
    });
    const { lo, hi } = network.tensors.get('t0')!;
    assert.deepEqual([lo, hi].map(Number), [Math.min(...all), Math.max(...all)], operation.kind);
  }
});

test('a tensor is held in doubles exactly while no partial sum can leave the safe integers', () => {
  const scaled = (multiplier: number) =>
    rangedOf(chainOf({ shape: [1], bits: 1 }, { kind: 'add', multipliers: [multiplier] }), 't0');
  assert.equal(isWide(scaled(Number.MAX_SAFE_INTEGER).ranges.hi), false);
  const twice = (first: number, second: number) =>
    rangedOf(
      networkOf(
        [{ shape: [1], bits: 1 }],
        [['sum', { kind: 'add', multipliers: [first, second] }, 'x', 'x']],
      ),
      'sum',
    );
  assert.equal(isWide(twice(2 ** 52, 2 ** 52 - 1).ranges.hi), false);
  assert.equal(isWide(twice(2 ** 52, 2 ** 52).ranges.hi), true);
  assert.equal(isWide(twice(2 ** 52, -(2 ** 52)).ranges.hi), true, 'though the sum is 0');
  assert.deepEqual(twice(2 ** 52, -(2 ** 52)).ranges.hi, BigInt64Array.of(2n ** 52n));
});

test('accumulators of 62 bits are taken, wider ones refused', () => {
  const product = (lo: number, multiplier: number) =>
    chainOf({ shape: [1], lo, bits: 31 }, { kind: 'add', multipliers: [multiplier] });
  assert.equal(product(0, 2 ** 31).tensors.get('t0')!.hi, (2n ** 31n - 1n) * 2n ** 31n);
  assert.throws(
    () => product(0, 2 ** 31 + 2),
    (error) => error instanceof InputError && error.code === 'CIRCUITS_ACCUMULATOR_TOO_WIDE',
  );
  const leaky: NetworkOperation = { kind: 'leakyRelu', slope: 0, shift: 30 };
  const wide = chainOf({ shape: [1], lo: -(2 ** 31), bits: 32 }, leaky);
  assert.equal(wide.tensors.get('t0')!.hi, (2n ** 31n - 1n) * 2n ** 30n);
  const scale: NetworkOperation = { kind: 'add', multipliers: [4] };
  assert.throws(
    () => chainOf({ shape: [1], lo: -(2 ** 31), bits: 32 }, scale, leaky),
    (error) => error instanceof InputError && error.code === 'CIRCUITS_ACCUMULATOR_TOO_WIDE',
  );
});
