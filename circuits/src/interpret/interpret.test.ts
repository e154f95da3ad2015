import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { argmax } from '../graph/argmax.ts';
import { averagingDivisor } from '../graph/linear/average-pool2d-map.ts';
import type { Network, NetworkOperation } from '../graph/network.ts';
import { chainOf, networkOf } from '../testing/network-sketch.ts';
import { requantize, UNPADDED } from '../testing/random-operations.ts';
import { interpret, outputsOf } from './interpret.ts';

const random = seededRandom(announceSeed());

/** The only output of a run, as plain numbers. */
function run(network: Network, ...inputs: number[][]): (number | bigint)[] {
  const trace = interpret(
    network,
    inputs.map((values) => Float64Array.from(values)),
  );
  return [...outputsOf(network, trace)[0]!];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

test('average pooling leaves padding out of sum and count', () => {
  const padding = { top: 1, bottom: 0, left: 1, right: 0 };
  const pool: NetworkOperation = { kind: 'averagePool2d', size: [2, 2], strides: [1, 1], padding };
  // Counts 1, 2 and 4: the multiple is 4. Image 1 2 / 3 5.
  assert.equal(averagingDivisor(pool, [2, 2]), 4);
  assert.deepEqual(run(chainOf({ shape: [2, 2, 1] }, pool), [1, 2, 3, 5]), [4, 6, 8, 11]);
});

test('average pooling divided by its divisor is the mean of each window', () => {
  const padding = { top: 1, bottom: 2, left: 0, right: 1 };
  const pool: NetworkOperation = { kind: 'averagePool2d', size: [3, 2], strides: [2, 1], padding };
  const values = range(5 * 4 * 2).map(() => random.int(0, 255));
  const sums = run(chainOf({ shape: [5, 4, 2] }, pool), values).map(Number);
  const divisor = averagingDivisor(pool, [5, 4]);
  const means: number[] = [];
  for (let row = -1; row <= 4; row += 2) {
    for (let column = 0; column <= 3; column++) {
      for (const channel of [0, 1]) {
        const covered = values.filter((_, i) => {
          const [r, c] = [Math.floor(i / 8), Math.floor(i / 2) % 4];
          const isInside = r >= row && r < row + 3 && c >= column && c < column + 2;
          return isInside && i % 2 === channel;
        });
        means.push(covered.reduce((a, b) => a + b, 0) / covered.length);
      }
    }
  }
  assert.equal(sums.length, means.length);
  sums.forEach((sum, i) => {
    assert.ok(Math.abs(sum / divisor - means[i]!) < 1e-9, `window ${i}`);
  });
});

test('max pooling leaves padding out, even where all elements are negative', () => {
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  const pool: NetworkOperation = { kind: 'maxPool2d', size: [2, 2], strides: [1, 1], padding };
  const network = chainOf({ shape: [2, 2, 1], lo: -128 }, pool);
  const expected = [-9, -7, -7, -5, -3, -3, -5, -3, -3];
  assert.deepEqual(run(network, [-9, -7, -5, -3]), expected, 'more windows than elements');
  assert.deepEqual(network.tensors.get('t0')!.shape, [3, 3, 1]);
});

test('max pooling keeps channels apart', () => {
  const pool: NetworkOperation = {
    kind: 'maxPool2d',
    size: [2, 2],
    strides: [2, 2],
    padding: UNPADDED,
  };
  const network = chainOf({ shape: [2, 2, 2] }, pool);
  assert.deepEqual(run(network, [1, 80, 2, 70, 3, 60, 4, 50]), [4, 80]);
});

test('add scales its operands, and takes one tensor twice', () => {
  const inputs = [
    { name: 'a', shape: [2] },
    { name: 'b', shape: [2] },
  ];
  const sum: NetworkOperation = { kind: 'add', multipliers: [3, -2] };
  const network = networkOf(inputs, [['sum', sum, 'a', 'b']]);
  assert.deepEqual(run(network, [1, 2], [10, 20]), [-17, -34]);
  const twice = networkOf(inputs, [['sum', sum, 'a', 'a']]);
  assert.deepEqual(run(twice, [1, 2], [10, 20]), [1, 2]);
});

test('concat joins along any axis, each operand with its multiplier', () => {
  const inputs = [
    { name: 'a', shape: [2, 1, 2] },
    { name: 'b', shape: [2, 2, 2] },
  ];
  const join: NetworkOperation = { kind: 'concat', axis: 1, multipliers: [1, 10] };
  const network = networkOf(inputs, [['joined', join, 'a', 'b']]);
  assert.deepEqual(network.tensors.get('joined')!.shape, [2, 3, 2]);
  assert.deepEqual(
    run(network, [1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11, 12]),
    [1, 2, 50, 60, 70, 80, 3, 4, 90, 100, 110, 120],
  );
});

test('transpose puts axis permutation[i] of the input at axis i', () => {
  const turn: NetworkOperation = { kind: 'transpose', permutation: [2, 0, 1] };
  const network = chainOf({ shape: [2, 3, 4] }, turn);
  const expected: number[] = [];
  for (const k of range(4))
    for (const i of range(2)) for (const j of range(3)) expected.push((i * 3 + j) * 4 + k);
  assert.deepEqual(network.tensors.get('t0')!.shape, [4, 2, 3]);
  assert.deepEqual(run(network, range(24)), expected);
});

test('pad2d surrounds an image with zeros, reshape keeps the order', () => {
  const padding = { top: 1, bottom: 0, left: 0, right: 2 };
  const network = chainOf(
    { shape: [1, 2, 1] },
    { kind: 'pad2d', padding },
    { kind: 'reshape', shape: [8] },
  );
  assert.deepEqual(run(network, [7, 9]), [0, 0, 0, 0, 7, 9, 0, 0]);
});

test('argmax gives the lowest index of the largest elements', () => {
  assert.equal(argmax([3]), 0);
  assert.equal(argmax([1, 5, 5, 2]), 1);
  assert.equal(argmax([-4, -4, -4]), 0);
  assert.equal(argmax([1n, 2n ** 60n, 2n ** 60n]), 1);
  const network = chainOf({ shape: [2, 2], lo: -8, bits: 4 }, { kind: 'argmax' });
  assert.deepEqual(run(network, [-8, 7, 0, 7]), [1]);
});

test('leaky ReLU takes the slope below zero alone', () => {
  const network = chainOf(
    { shape: [4], lo: -8, bits: 4 },
    { kind: 'leakyRelu', slope: 3, shift: 4 },
  );
  assert.deepEqual(run(network, [-8, -1, 0, 7]), [-24, -3, 0, 112]);
});

test('a table is read from its lowest index on', () => {
  const table: NetworkOperation = { kind: 'table', lo: -2, table: [40, 30, 20, 10] };
  assert.deepEqual(
    run(chainOf({ shape: [4], lo: -2, bits: 2 }, table), [1, 0, -1, -2]),
    [10, 20, 30, 40],
  );
});

test('accumulators beyond the safe integers are exact', () => {
  const dense: NetworkOperation = {
    kind: 'dense',
    units: 1,
    weights: Int16Array.of(32767, 32767, 1),
    bias: Float64Array.of(1),
  };
  const scale: NetworkOperation = { kind: 'add', multipliers: [2 ** 20 + 1] };
  const network = chainOf({ shape: [3], lo: -(2 ** 19), bits: 20 }, dense, scale);
  const greatest = 2 ** 19 - 1;
  const accumulator = BigInt(greatest) * (2n * 32767n + 1n) + 1n;
  const exact = accumulator * (2n ** 20n + 1n);
  assert.ok(exact > 2n ** 53n);
  assert.deepEqual(run(network, [greatest, greatest, greatest]), [exact]);
  const shift = requantize(40, -(2 ** 30), 2 ** 30);
  const rescaled = chainOf({ shape: [3], lo: -(2 ** 19), bits: 20 }, dense, scale, shift);
  const expected = Number((exact + 2n ** 39n) >> 40n);
  assert.deepEqual(run(rescaled, [greatest, greatest, greatest]), [expected]);
});

test('inputs are refused that the network cannot take', () => {
  const network = chainOf({ shape: [2], lo: -4, bits: 3 }, { kind: 'argmax' });
  const refuses = (code: string, ...inputs: number[][]) =>
    assert.throws(
      () => run(network, ...inputs),
      (error) => error instanceof InputError && error.code === code,
      `${code} for ${JSON.stringify(inputs)}`,
    );
  assert.deepEqual(run(network, [-4, 3]), [1]);
  refuses('CIRCUITS_INPUT_COUNT');
  refuses('CIRCUITS_INPUT_COUNT', [0, 0], [0, 0]);
  refuses('CIRCUITS_INPUT_SHAPE', [0]);
  for (const outside of [-5, 4, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses('CIRCUITS_INPUT_RANGE', [0, outside]);
  }
});
