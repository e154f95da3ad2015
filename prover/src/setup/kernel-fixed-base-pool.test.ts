/** Multiples of the generators by tables: kernels against their bigint twin, in both variants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { createBigintKernel } from '../curve/fixed-base-kernel.ts';
import { bestWindowBits } from '../curve/fixed-base-table.ts';
import { createKernelPool } from '../engine/wasm/kernel-pool.ts';
import { testedVariants } from '../testing/kernel-variants.ts';
import { KernelFixedBasePool } from './kernel-fixed-base-pool.ts';
import { scalarBytes } from './key-scalars.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const VARIANTS = await testedVariants();

/** Numbers of scalars for which tables have windows of 2, 5 and 8 bits. */
const SIZES = [1, 60, 800];

/** Ends of the range and of windows, zeros and equal scalars side by side. */
function edgeScalars(bits: number): bigint[] {
  const window = 2n ** BigInt(bits);
  const digits = [0n, 1n, window / 2n - 1n, window / 2n, window / 2n + 1n, window - 1n, window];
  const everywhere = (digit: bigint) => {
    let scalar = 0n;
    for (let shift = 1n; shift * digit < R / (2n * window); shift *= window)
      scalar += shift * digit;
    return scalar;
  };
  const ends = [R - 1n, R - 2n, R / 2n, R / 2n + 1n, 2n ** 253n - 1n, 2n ** 253n];
  // The last addition meets equal points: r − 2·(r mod 2^k) for the lowest bit k of the top window.
  const top = BigInt(bits * Math.floor(253 / bits));
  const meeting = [R - 2n * (R % 2n ** top)].filter((scalar) => scalar > 0n);
  return [...digits, everywhere(window / 2n), everywhere(window - 1n), ...ends, ...meeting, 0n, 0n];
}

/**
 * Its windows are none of those that kernels have here; `fixed-base-kernel.test.ts` ties it to a
 * library.
 */
const TWIN = createBigintKernel(4);

const CASES = SIZES.map((size) => {
  const scalars = [...edgeScalars(bestWindowBits(size)), random.bigint(R), random.bigint(R)];
  const bytes = scalarBytes(scalars);
  return { size, bytes, expected: { g1: TWIN('g1', bytes), g2: TWIN('g2', bytes) } };
});

for (const variant of VARIANTS) {
  for (const threads of [1, 2, 3]) {
    test(`${variant}, ${threads} threads: edges of windows`, async () => {
      for (const { size, bytes, expected } of threads === 1 ? CASES : CASES.slice(-1)) {
        const pool = new KernelFixedBasePool(await createKernelPool(threads, variant), size);
        try {
          for (const group of ['g1', 'g2'] as const) {
            const parts: Uint8Array[] = [];
            for await (const part of pool.multiply(group, bytes)) parts.push(part);
            const name = `${group}, for ${size} scalars`;
            assert.equal(Buffer.compare(Buffer.concat(parts), expected[group]), 0, name);
          }
        } finally {
          await pool.close();
        }
      }
    });
  }
}
