import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpack } from '@zkinfer/core';
import { inputLayouts } from '@zkinfer/core/service';
import { DESCRIBED_MODEL } from '../testing/described-model.ts';
import { envelopeFromReals } from './envelope-from-reals.ts';

const single = { ...DESCRIBED_MODEL, inputs: DESCRIBED_MODEL.inputs.slice(0, 1) };
const right = Array.from({ length: 40 }, (_, i) => i);
const elementsOf = (model: typeof single, reals: readonly unknown[]) =>
  unpack(envelopeFromReals(model, reals, 0n).words, inputLayouts(model)).map((tensor) =>
    tensor.map(Number),
  );

test('behavior: reals of each input, in any form, become the same words', () => {
  const forms = [
    [[0.5, -1, 1.2, 100], right],
    [
      [
        [0.5, -1],
        [1.2, 100],
      ],
      right,
    ],
    [Float32Array.of(0.5, -1, 1.2, 100), Float32Array.from(right)],
  ];
  for (const reals of forms) {
    assert.deepEqual(elementsOf(DESCRIBED_MODEL, reals), [[1, -2, 2, 7], right]);
  }
});

test('behavior: the reals of one input may stand alone or in a list', () => {
  const forms = [
    [0.5, -1, 1.2, 100],
    [[0.5, -1, 1.2, 100]],
    [
      [0.5, -1],
      [1.2, 100],
    ],
    [
      [
        [0.5, -1],
        [1.2, 100],
      ],
    ],
    [Float32Array.of(0.5, -1, 1.2, 100)],
  ];
  for (const reals of forms) assert.deepEqual(elementsOf(single, reals), [[1, -2, 2, 7]]);
  const scalar = { ...single, inputs: [{ ...single.inputs[0]!, shape: [1] }] };
  assert.deepEqual(elementsOf(scalar, [1]), [[2]]);
  assert.deepEqual(elementsOf(scalar, [[1]]), [[2]]);
});

test('behavior: salt and model are those given', () => {
  const { modelDigest, inputSalt, version } = envelopeFromReals(single, [[1, 2, 3, 4]], 9n);
  assert.deepEqual([modelDigest, inputSalt, version], [single.modelDigest, 9n, 1]);
});

test('error: too many or too few, of another shape, not finite, no numbers', () => {
  const cases: [readonly unknown[], string][] = [
    [[[1, 2, 3]], 'CORE_INPUT_SHAPE'],
    [[[1, 2, 3, 4, 5]], 'CORE_INPUT_SHAPE'],
    [[[[1], [2], [3], [4]]], 'CORE_INPUT_SHAPE'],
    [[[1, 2, 3, Number.NaN]], 'CORE_NUMBERS_ELEMENT'],
    [[[1, 2, 3, 1e39]], 'CORE_INPUT_NOT_FINITE'],
    [[Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY)], 'CORE_INPUT_NOT_FINITE'],
  ];
  for (const [reals, code] of cases) {
    assert.throws(() => envelopeFromReals(single, reals, 0n), { code, name: 'InputError' });
  }
  const malformed = [[['1', '2', '3', '4']], [[1, 2, 3, null]], [{}], [null], [[[1, 2], [3]]], []];
  for (const reals of malformed) {
    assert.throws(() => envelopeFromReals(single, reals, 0n), { name: 'InputError' });
  }
});

test('error: an array for each input, no more and no fewer', () => {
  for (const reals of [[[1, 2, 3, 4]], [[1, 2, 3, 4], right, right], [right, [1, 2, 3, 4]]]) {
    assert.throws(() => envelopeFromReals(DESCRIBED_MODEL, reals, 0n), { name: 'InputError' });
  }
});
