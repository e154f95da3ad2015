import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { RequantizeOperator } from '../graph/network.ts';
import { multiplierOf, requantizeValue } from '../graph/nonlinear.ts';
import { fitsRequantizeKernel, requantizeKernel } from './requantize-kernel.ts';

const random = seededRandom(announceSeed());

function rangesOf(magnitude: number) {
  return { lo: Float64Array.of(-magnitude), hi: Float64Array.of(magnitude) };
}

test('the kernel equals the definition wherever it says that it fits', () => {
  for (let round = 0; round < 200; round++) {
    const shift = random.int(0, 51);
    const multipliers = Array.from({ length: random.int(1, 3) }, () => random.int(1, 2 ** 12));
    const lo = random.int(-300, 0);
    const operator: RequantizeOperator = {
      kind: 'requantize',
      multipliers,
      shift,
      lo,
      hi: lo + random.int(1, 300),
    };
    const bound = Math.floor(2 ** 52 / Math.max(...multipliers)) - 1;
    assert.ok(fitsRequantizeKernel(operator, rangesOf(bound)));
    const input = Float64Array.from({ length: 60 }, (_, i) => {
      if (i < 4) return [bound, -bound, 0, -1][i]!;
      const near = (operator.lo + random.int(0, 300)) * 2 ** shift;
      const value = i % 2 ? random.int(-bound, bound) : Math.trunc(near / multipliers[0]!);
      return Math.max(-bound, Math.min(bound, value + random.int(-1, 1)));
    });
    const expected = Array.from(input, (x, i) =>
      requantizeValue(BigInt(x), multiplierOf(operator, i), operator),
    );
    assert.deepEqual(
      Array.from(requantizeKernel(operator, input)).map((y) => y + 0),
      expected,
    );
  }
});

test('the kernel does not fit accumulators or shifts beyond the safe integers', () => {
  const operator = { kind: 'requantize', multipliers: [4], shift: 3, lo: 0, hi: 255 } as const;
  assert.ok(fitsRequantizeKernel(operator, rangesOf(2 ** 50 - 1)));
  assert.ok(!fitsRequantizeKernel(operator, rangesOf(2 ** 50)));
  assert.ok(!fitsRequantizeKernel({ ...operator, shift: 52 }, rangesOf(1)));
  const wide = { lo: BigInt64Array.of(-1n), hi: BigInt64Array.of(1n) };
  assert.ok(!fitsRequantizeKernel(operator, wide));
});
