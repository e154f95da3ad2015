/** Multi-scalar multiplications of real size: pieces, blocks and windows as proofs have them. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  BASE_FIELD_ORDER,
  FIELD_BYTES,
  readFieldBytes,
  reduce,
  SCALAR_FIELD_ORDER,
} from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { createFixedBasePool } from '../../setup/create-fixed-base-pool.ts';
import { scalarBytes } from '../../setup/key-scalars.ts';
import { testedVariants, withKernelSpace } from '../../testing/kernel-variants.ts';
import {
  basesOf,
  multiplyLists,
  multiplyWitness,
  quotientList,
} from '../../testing/multiply-in-kernels.ts';
import { multiplySlow, SLOW_GENERATORS } from '../../testing/slow-points.ts';
import type { KernelGroup } from './multi-scalar.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const VARIANTS = await testedVariants();

const COUNT = 2 ** 16;

/** Bases are these multiples of the generator, so that one product checks a whole sum. */
const logs = Array.from({ length: COUNT }, () => random.bigint(R));

/** By group, the bases as files hold them. */
const encoded: Partial<Record<KernelGroup, Uint8Array>> = {};

before(async () => {
  const pool = await createFixedBasePool(2 * COUNT);
  try {
    for (const group of ['g1', 'g2'] as const) {
      const parts: Uint8Array[] = [];
      for await (const part of pool.multiply(group, scalarBytes(logs))) parts.push(part);
      encoded[group] = Buffer.concat(parts);
    }
  } finally {
    await pool.close();
  }
});

/** What witnesses of circuits look like: bits, bytes, some field elements. */
const likeWitness = (i: number) =>
  i % 50 === 0
    ? random.bigint(R)
    : reduce(random.pick([0n, 1n, 1n, BigInt(random.int(-128, 127)), BigInt(random.uint32())]));

const SCALARS: Readonly<Record<string, readonly bigint[]>> = {
  'uniform scalars': draw(() => random.bigint(R)),
  'a witness of bits and bytes': draw(likeWitness),
  'equal scalars': draw(() => R / 3n),
  'ones and minus ones': draw((i) => (i % 3 === 0 ? R - 1n : 1n)),
};

function draw(scalar: (i: number) => bigint): bigint[] {
  return Array.from({ length: COUNT }, (_, i) => scalar(i));
}

function expectedSum(group: KernelGroup, scalars: readonly bigint[]) {
  const log = scalars.reduce((sum, scalar, i) => sum + scalar * logs[i]!, 0n);
  return multiplySlow(SLOW_GENERATORS[group], reduce(log));
}

test('the check itself: the bases are the multiples that they are said to be', () => {
  const i = random.int(0, COUNT - 1);
  const view = new DataView(encoded.g1!.buffer, encoded.g1!.byteOffset + 64 * i);
  const { x } = multiplySlow(SLOW_GENERATORS.g1, logs[i]!)!;
  assert.equal(readFieldBytes(view, 0), (x.c0 << 256n) % BASE_FIELD_ORDER);
  assert.equal(encoded.g2!.length, COUNT * 4 * FIELD_BYTES);
});

const RUNS = [
  ['g1', 1],
  ['g1', 2],
  ['g1', 3],
  ['g2', 2],
] as const;

for (const variant of VARIANTS) {
  for (const [group, threads] of RUNS) {
    test(`${variant}, ${group}, ${threads} threads: 2^16 terms`, () =>
      withKernelSpace(variant, threads, async (space) => {
        const bases = await basesOf(space, group, encoded[group]!);
        for (const [name, scalars] of Object.entries(SCALARS)) {
          const got = await multiplyWitness(space, bases, scalars);
          assert.deepEqual(got, expectedSum(group, scalars), name);
        }
      }));
  }

  test(`${variant}, g1: 2^16 scalars of a quotient`, () =>
    withKernelSpace(variant, 2, async (space) => {
      const bases = await basesOf(space, 'g1', encoded.g1!);
      const [a, b, c] = [0, 1, 2].map(() => draw(() => random.bigint(R)));
      const list = await quotientList(space, { a: a!, b: b!, c: c! });
      const scalars = a!.map((value, i) => reduce(value * b![i]! - c![i]!));
      assert.deepEqual(await multiplyLists(space, bases, [list]), expectedSum('g1', scalars));
      scalars[random.int(0, COUNT - 1)]! += 1n;
      assert.notDeepEqual(await multiplyLists(space, bases, [list]), expectedSum('g1', scalars));
    }));
}
