import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { DenseOperator } from '../graph/network.ts';
import { chainOf } from '../testing/network-sketch.ts';
import {
  randomAffine,
  randomConv2d,
  randomDense,
  requantize,
} from '../testing/random-operations.ts';
import { planLayers } from './plan-layers.ts';

const random = seededRandom(announceSeed());

const runsOn = (network: Parameters<typeof planLayers>[0], minProducts: number) =>
  planLayers(network, minProducts).report.map((layer) => layer.runsOn);

test('layers that multiply by weights run on tensors, all others on the interpreter', () => {
  const network = chainOf(
    { shape: [6, 6, 2] },
    randomConv2d(random, 2, 3),
    randomAffine(random, 3),
    requantize(8, 0, 255),
    { kind: 'reshape', shape: [48] },
    randomDense(random, 48, 4),
    { kind: 'argmax' },
  );
  const { report, layers } = planLayers(network, 1);
  assert.deepEqual(
    report.map(({ node, kind, runsOn }) => [node, kind, runsOn === 'tensors']),
    [
      ['t0', 'conv2d', true],
      ['t1', 'affine', false],
      ['t2', 'requantize', false],
      ['t3', 'reshape', false],
      ['t4', 'dense', true],
      ['t5', 'argmax', false],
    ],
  );
  assert.deepEqual(
    layers.map(({ index, products }) => [index, products]),
    [
      [0, 4 * 4 * 3 * 3 * 2 * 3],
      [4, 48 * 4],
    ],
  );
});

test('a layer needs as many products as are asked for', () => {
  const network = chainOf({ shape: [10] }, randomDense(random, 10, 5));
  assert.deepEqual(runsOn(network, 50), ['tensors']);
  assert.deepEqual(runsOn(network, 51), ['interpreter']);
});

test('a convolution with both strides and dilation stays, with either it does not', () => {
  const shape = [9, 9, 1];
  for (const [form, expected] of [
    [{ strides: [2, 1], dilations: [1, 2] }, 'interpreter'],
    [{ strides: [2, 2] }, 'tensors'],
    [{ dilations: [2, 2] }, 'tensors'],
  ] as const) {
    assert.deepEqual(runsOn(chainOf({ shape }, randomConv2d(random, 1, 2, form)), 1), [expected]);
  }
});

test('a layer stays whose sums have more bits than digits can split', () => {
  const dense = (...weights: number[]): DenseOperator => ({
    kind: 'dense',
    units: 1,
    weights: Int16Array.from(weights),
    bias: Float64Array.of(0),
  });
  const input = { shape: [3], lo: -(2 ** 23), bits: 24 };
  assert.deepEqual(runsOn(chainOf(input, dense(1, 1, 0)), 1), ['tensors']);
  assert.deepEqual(runsOn(chainOf(input, dense(1, 1, -1)), 1), ['interpreter']);
  const wide = chainOf(
    { shape: [1], lo: 0, bits: 24 },
    { kind: 'add', multipliers: [2 ** 30] },
    dense(0),
  );
  assert.deepEqual(runsOn(wide, 1), ['interpreter', 'interpreter']);
});
