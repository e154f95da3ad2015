/** The transform to the odd coset, and what is computed there, against sums over all pairs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { rootOfUnity } from '../../curve/root-of-unity.ts';
import { readInteger, readValues, writeValues } from '../../testing/kernel-values.ts';
import { testedVariants, withKernelSpace } from '../../testing/kernel-variants.ts';
import { evaluateOnOddCosetSlow, interpolateSlow } from '../../testing/slow-transform.ts';
import { allocateValues, createEvaluationDomain, moveToOddCoset } from './evaluation-domain.ts';
import { ELEMENT_BYTES } from './field-limbs.ts';
import type { KernelSpace } from './kernel-pool.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const VARIANTS = await testedVariants();

const drawValues = (count: number) => Array.from({ length: count }, () => random.bigint(R));

/** Moves arrays at once, as proofs do. */
async function move(
  space: KernelSpace,
  arrays: readonly (readonly bigint[])[],
  times = 1,
): Promise<bigint[][]> {
  const { memory } = space;
  const mark = memory.mark();
  const count = arrays[0]!.length;
  const domain = await createEvaluationDomain(space, Math.log2(count));
  const addresses = arrays.map((values) => {
    const address = allocateValues(memory, domain);
    writeValues(memory, address, values);
    return address;
  });
  for (let i = 0; i < times; i++) await moveToOddCoset(space, domain, addresses);
  const moved = addresses.map((address) => readValues(memory, address, count));
  memory.release(mark);
  return moved;
}

const moveSlowly = (values: readonly bigint[]) => evaluateOnOddCosetSlow(interpolateSlow(values));

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** By size, values that reach both ends of the range, and where they move. */
const CASES = SIZES.map((log2) => {
  const count = 2 ** log2;
  const edges = Array.from({ length: count }, () =>
    random.pick([0n, 1n, R - 1n, R / 2n, R / 2n + 1n]),
  );
  const values = log2 % 2 === 0 ? edges : drawValues(count);
  return { log2, values, moved: moveSlowly(values) };
});

test('the twin itself: a polynomial’s coefficients come back, and its values are Horner’s', () => {
  const coefficients = [5n, R - 3n, 0n, 7n];
  const [root, g] = [rootOfUnity(2), rootOfUnity(3)];
  const at = (x: bigint) => coefficients.reduceRight((sum, c) => (sum * x + c) % R, 0n);
  const values = [1n, root, root ** 2n, root ** 3n].map(at);
  assert.deepEqual(interpolateSlow(values), coefficients);
  const onCoset = [g, g * root, g * root ** 2n, g * root ** 3n];
  assert.deepEqual(evaluateOnOddCosetSlow(coefficients), onCoset.map(at));
});

for (const variant of VARIANTS) {
  test(`${variant}: tables hold elements of at most half the order, which ranges count on`, () =>
    withKernelSpace(variant, 1, async (space) => {
      const log2 = 5;
      const domain = await createEvaluationDomain(space, log2);
      const { twiddles, inverseTwiddles, cosetFactors } = domain;
      const tables = [
        { table: twiddles, count: 2 ** (log2 - 1) },
        { table: inverseTwiddles, count: 2 ** (log2 - 1) },
        { table: cosetFactors, count: 2 ** log2 },
      ];
      for (const { table, count } of tables) {
        for (let i = 0; i < count; i++) {
          const value = readInteger(space.memory, table + i * ELEMENT_BYTES);
          const magnitude = value < 0n ? -value : value;
          assert.ok(magnitude <= R / 2n + (R >> 37n), `${i}`);
        }
      }
    }));

  for (const threads of [1, 2, 3]) {
    test(`${variant}, ${threads} threads: sizes 2^1 to 2^10 as by sums over all pairs`, () =>
      withKernelSpace(variant, threads, async (space) => {
        for (const { log2, values, moved } of CASES) {
          assert.deepEqual(await move(space, [values]), [moved], `2^${log2}`);
        }
      }));
  }

  test(`${variant}: constants stay, and moving twice rotates: g² is the root`, () =>
    withKernelSpace(variant, 2, async (space) => {
      for (const log2 of [...SIZES, 12, 13]) {
        const count = 2 ** log2;
        const constant = new Array<bigint>(count).fill(random.bigint(R));
        const values = drawValues(count);
        assert.deepEqual(await move(space, [constant]), [constant]);
        const rotated = [...values.slice(1), values[0]!];
        assert.deepEqual(await move(space, [values], 2), [rotated], `2^${log2}`);
      }
    }));

  test(`${variant}: sums move to sums; arrays at once move as they do alone`, () =>
    withKernelSpace(variant, 3, async (space) => {
      for (const log2 of [1, 2, 3, 6, 11]) {
        const [a, b, factor] = [drawValues(2 ** log2), drawValues(2 ** log2), random.bigint(R)];
        const sum = a.map((value, i) => reduce(value * factor + b[i]!));
        const [movedA, movedB, movedSum] = await move(space, [a, b, sum]);
        assert.deepEqual(
          movedSum,
          movedA!.map((value, i) => reduce(value * factor + movedB![i]!)),
        );
        assert.deepEqual(await move(space, [a]), [movedA]);
      }
    }));
}
