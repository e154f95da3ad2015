import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpack } from '../statement/pack.ts';
import { inputLayouts } from './model-layouts.ts';
import { quantizeReals } from './quantize-reals.ts';

const model = {
  inputs: [
    { name: 'left', shape: [2, 2], scale: 0.5, lo: -8, bits: 4 },
    { name: 'right', shape: [3], scale: 1, lo: 0, bits: 8, image: { scale: 2, offset: 1 } },
  ],
};

test('reals by name become integers, clamped, and words that unpack to them', () => {
  const reals = {
    left: [
      [0.5, -1],
      [1.2, 100],
    ],
    right: Uint8Array.of(0, 1, 200),
  };
  const { integers, words, clampings } = quantizeReals(model, reals);
  const expected = [
    [1, -2, 2, 7],
    [1, 3, 255],
  ];
  assert.deepEqual(
    integers.map((tensor) => [...tensor]),
    expected,
  );
  const unpacked = unpack(words, inputLayouts(model));
  assert.deepEqual(
    unpacked.map((tensor) => tensor.map(Number)),
    expected,
  );
  assert.deepEqual(
    clampings.map(({ count }) => count),
    [1, 1],
  );
});

test('clamping is refused where it is asked for; wrong names and counts always', () => {
  const reals = { left: [1, 2, 3, 100], right: [1, 2, 3] };
  assert.throws(() => quantizeReals(model, reals, { strict: true }), {
    code: 'CORE_INPUT_OUT_OF_RANGE',
  });
  assert.throws(() => quantizeReals(model, { left: [1, 2, 3, 4] }), { code: 'CORE_INPUT_NAMES' });
  assert.throws(() => quantizeReals(model, { ...reals, left: [1] }), { code: 'CORE_INPUT_SHAPE' });
});
