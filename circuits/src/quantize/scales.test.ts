import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationTable, saturationBound, tableOutputScale } from './activation-table.ts';
import { commonScale } from './common-scale.ts';
import { inputTensor } from './quantize-input-tensor.ts';
import { rationalSlope } from './rational-slope.ts';
import { coveringScale, requantizeError, requantizeWindow } from './requantize-window.ts';
import { rescalingBetween } from './rescaling.ts';
import { statisticsOf } from './tensor-statistics.ts';

const statistics = (...values: number[]) =>
  statisticsOf({ samples: 1, tensors: new Map([['t', Float32Array.from(values)]]) })('t');
const step = (min: number, max: number, bits = 8) =>
  ({ kind: 'requantize', min, max, bits }) as const;

test('common scales are exact where ratios are rational, and near elsewhere', () => {
  assert.deepEqual(commonScale([0.5, 2]).multipliers, [1, 4]);
  assert.deepEqual(commonScale([0.3, 0.2]).multipliers, [3, 2]);
  assert.deepEqual(commonScale([1 / 9, 1]).multipliers, [1, 9]);
  const near = commonScale([1, Math.SQRT2]);
  assert.ok(near.error > 0 && near.error < 2 ** -10);
  assert.ok(Math.abs(near.multipliers[1]! / near.multipliers[0]! - Math.SQRT2) < 2e-3);
});

test('rescaling is a shift for powers of two, a small multiplier otherwise, and never refines', () => {
  assert.deepEqual(rescalingBetween(3, 3 * 2 ** 9), { multiplier: 1, shift: 9, scale: 1536 });
  assert.deepEqual(rescalingBetween(3, 2), { multiplier: 1, shift: 0, scale: 3 });
  const { multiplier, shift, scale } = rescalingBetween(1, 1000 * Math.SQRT2);
  assert.equal(scale, 2 ** shift / multiplier);
  assert.ok(multiplier > 1 && Math.abs(Math.log2(scale / (1000 * Math.SQRT2))) < 0.13);
});

test('a window starts at 0 after a ReLU, and splits by the values otherwise', () => {
  assert.deepEqual(requantizeWindow(step(0, Infinity), statistics(0, 5), 0.1), { lo: 0, hi: 255 });
  const signed = statistics(-1, 3);
  assert.deepEqual(requantizeWindow(step(-Infinity, Infinity), signed, 0.1), { lo: -64, hi: 191 });
});

test('a window is cut by the bounds of a clip, and the covering scale makes the cut none', () => {
  const six = statistics(0, 2, 6);
  const covering = coveringScale(step(0, 6), six);
  assert.equal(covering, 6 / 255);
  assert.deepEqual(requantizeWindow(step(0, 6), six, covering), { lo: 0, hi: 255 });
  assert.deepEqual(requantizeWindow(step(0, 6), six, 0.1), { lo: 0, hi: 60 });
  const both = statistics(-1, 1);
  const scale = coveringScale(step(-1, 1), both);
  const { lo, hi } = requantizeWindow(step(-1, 1), both, scale);
  assert.equal(hi - lo, 255);
});

test('the error of a scale is that of rounding where all fits, and grows with clamping', () => {
  const values = Array.from({ length: 5000 }, (_, i) => i / 1000);
  const spread = statistics(...values);
  const fine = requantizeError(step(0, Infinity), spread, 6 / 255);
  assert.ok(Math.abs(fine / ((6 / 255) ** 2 / 12) - 1) < 0.1, `${fine}`);
  assert.ok(requantizeError(step(0, Infinity), spread, 3 / 255) > 10 * fine);
});

test('slopes are dyadic at once or within half a step', () => {
  assert.deepEqual(rationalSlope(0.25, 8), { slope: 1, shift: 2 });
  assert.deepEqual(rationalSlope(0, 8), { slope: 0, shift: 1 });
  const { slope, shift } = rationalSlope(0.3, 8);
  assert.ok(Math.abs(slope / 2 ** shift - 0.3) <= 0.3 / 256);
  const near1 = rationalSlope(1 - 1e-9, 8);
  assert.ok(near1.slope < 2 ** near1.shift);
});

test('tables hold the rounded activation, and saturate beyond the bound', () => {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    const bound = saturationBound(activation, 8);
    const { table, lo } = activationTable(activation, { scale: bound / 127, lo: -128, bits: 8 }, 8);
    assert.deepEqual([table.length, lo], [256, -128]);
    const largest = Math.round(1 / tableOutputScale(activation, 8));
    assert.equal(table[255], largest);
    assert.equal(table[128], activation === 'sigmoid' ? 128 : 0);
    assert.ok(table.every((entry, i) => i === 0 || entry >= table[i - 1]!));
  }
});

test('bytes of a picture keep their steps; half-way offsets take a bit more', () => {
  const input = { name: 'x', shape: [1] };
  const at = (scale: number, offset: number) =>
    inputTensor(input, statistics(0, 1), 8, { scale, offset });
  const plain = at(1 / 255, 0);
  assert.deepEqual([plain.scale, plain.lo, plain.bits], [1 / 255, 0, 8]);
  const normalised = at(1 / 255 / 0.3081, -0.1307 / 0.3081);
  assert.deepEqual([normalised.lo, normalised.bits], [-33, 8]);
  const centred = at(1 / 127.5, -1);
  assert.deepEqual([centred.scale, centred.lo, centred.bits], [1 / 255, -255, 9]);
  for (let byte = 0; byte < 256; byte++) {
    const real = Math.fround(byte / 127.5 - 1);
    assert.equal(Math.floor(real / centred.scale + 0.5), 2 * byte + centred.lo);
  }
});

test('other inputs cover the calibrated values and 0', () => {
  const tensor = (...values: number[]) =>
    inputTensor({ name: 'x', shape: [2] }, statistics(...values), 8, undefined);
  const { scale, lo, bits } = tensor(-1, 3);
  assert.ok(lo * scale <= -1 + scale / 2 && (lo + 2 ** bits - 1) * scale >= 3 - scale / 2);
  assert.equal(tensor(2, 3).lo, 0);
  assert.equal(tensor(0, 0).bits, 8);
});
