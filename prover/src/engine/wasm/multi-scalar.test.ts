/**
 * Multi-scalar multiplications in kernels against doubling and adding, in both variants and groups.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { POINT_BYTES } from '../../curve/point-encoding.ts';
import { MULTIPLICATION_VECTORS } from '../../testing/evm-point-vectors.ts';
import { testedVariants, withKernelSpace } from '../../testing/kernel-variants.ts';
import {
  basesOf,
  encodeSlow,
  multiplyLists,
  multiplyWitness,
  quotientList,
} from '../../testing/multiply-in-kernels.ts';
import {
  addSlow,
  multiplyAllSlow,
  multiplySlow,
  negateSlow,
  SLOW_GENERATORS,
  type SlowPoint,
} from '../../testing/slow-points.ts';
import type { KernelSpace } from './kernel-pool.ts';
import type { KernelGroup } from './multi-scalar.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const GROUPS: readonly KernelGroup[] = ['g1', 'g2'];
const VARIANTS = await testedVariants();

/**
 * Terms whose points are known multiples of the generator, so that one product checks any number.
 */
interface Term {
  readonly scalar: bigint;
  readonly log: number;
}

const MULTIPLES = 300;

/** By group, multiples 0 to 300 of the generator. */
const multiples = { g1: multiplesOf('g1'), g2: multiplesOf('g2') };

function multiplesOf(group: KernelGroup): readonly SlowPoint[] {
  const points: SlowPoint[] = [null];
  while (points.length <= MULTIPLES) points.push(addSlow(points.at(-1)!, SLOW_GENERATORS[group]));
  return points;
}

/** The multiple of the generator by an integer that is small in magnitude. */
function multipleOf(group: KernelGroup, log: number): SlowPoint {
  const point = multiples[group][Math.abs(log)]!;
  return log < 0 ? negateSlow(point) : point;
}

function drawTerms(count: number, scalar: (i: number) => bigint, log?: (i: number) => number) {
  return Array.from({ length: count }, (_, i): Term => {
    return { scalar: scalar(i), log: log?.(i) ?? random.int(1, MULTIPLES) };
  });
}

/**
 * 0, ±1, and both sides of powers of two, in both signs: lengths at which scalars change lists,
 * words and windows.
 */
const EDGES = [0n, 1n, 2n, 3n, R / 2n, R / 2n - 1n]
  .concat(
    [2, 5, 8, 15, 16, 31, 32, 47, 48, 49, 51, 63, 64, 102, 127, 128, 153, 191, 192, 204, 252]
      .map((bits) => 2n ** BigInt(bits))
      .flatMap((power) => [power - 1n, power, power + 1n]),
  )
  .flatMap((scalar) => [scalar, reduce(-scalar)]);

const mixed = (i: number) =>
  [0n, 1n, R - 1n, random.bigint(256n), reduce(-random.bigint(2n ** 20n)), random.bigint(R)][
    i % 6
  ]!;

const CASES: Readonly<Record<string, readonly Term[]>> = {
  'no terms': [],
  'one zero': drawTerms(1, () => 0n),
  'zeros alone': drawTerms(5, () => 0n),
  'one one': drawTerms(1, () => 1n),
  'one minus one': drawTerms(1, () => R - 1n),
  'two wide scalars': drawTerms(2, () => random.bigint(R)),
  'edges of all lengths': drawTerms(EDGES.length, (i) => EDGES[i]!),
  'edges at one point': drawTerms(
    EDGES.length,
    (i) => EDGES[i]!,
    () => 7,
  ),
  bits: drawTerms(200, () => BigInt(random.int(0, 1))),
  'equal small scalars': drawTerms(300, () => 5n),
  'equal wide scalars': drawTerms(300, () => R - 2n ** 200n),
  'equal points': drawTerms(
    100,
    () => random.bigint(R),
    () => 1,
  ),
  'equal points and scalars': drawTerms(
    257,
    () => R / 3n,
    () => 11,
  ),
  'opposite points under equal scalars': drawTerms(
    64,
    () => R / 5n,
    (i) => (i % 2 ? 9 : -9),
  ),
  'opposite points under all scalars': drawTerms(90, mixed, (i) => (i % 2 ? 1 : -1)),
  'opposite scalars at equal points': drawTerms(
    60,
    (i) => (i % 2 ? 12n : R - 12n),
    () => 4,
  ),
  'infinity alone': drawTerms(
    3,
    () => random.bigint(R),
    () => 0,
  ),
  'infinity among others': drawTerms(60, mixed, (i) => (i % 3 ? random.int(1, 9) : 0)),
  'all lengths mixed': drawTerms(400, mixed),
  'wide scalars': drawTerms(333, () => random.bigint(R)),
};

/** More terms than a block or a piece of work takes, most of them in few buckets. */
const CROWD = drawTerms(
  36_000,
  (i) =>
    i % 100 === 0 ? random.bigint(R) : reduce(random.pick([0n, 1n, 1n, 1n, -1n, 100n, -300n])),
  (i) => (i % 50 === 0 ? 0 : random.int(-MULTIPLES, MULTIPLES)),
);

const products = new Map<string, SlowPoint>();

function expectedSum(group: KernelGroup, terms: readonly Term[]): SlowPoint {
  const log = reduce(terms.reduce((sum, { scalar, log }) => sum + scalar * BigInt(log), 0n));
  const name = `${group} ${log}`;
  if (!products.has(name)) products.set(name, multiplySlow(SLOW_GENERATORS[group], log));
  return products.get(name)!;
}

/** By group, all of the multiples as files hold them, the lowest first. */
const encoded = { g1: encodedMultiples('g1'), g2: encodedMultiples('g2') };

function encodedMultiples(group: KernelGroup): Uint8Array {
  const logs = Array.from({ length: 2 * MULTIPLES + 1 }, (_, i) => i - MULTIPLES);
  return encodeSlow(
    group,
    logs.map((log) => multipleOf(group, log)),
  );
}

function encodedPoints(group: KernelGroup, terms: readonly Term[]): Uint8Array {
  const size = POINT_BYTES[group];
  const bytes = new Uint8Array(terms.length * size);
  terms.forEach(({ log }, i) => {
    const from = (log + MULTIPLES) * size;
    bytes.set(encoded[group].subarray(from, from + size), i * size);
  });
  return bytes;
}

async function checkAsWitness(
  space: KernelSpace,
  group: KernelGroup,
  terms: readonly Term[],
  name: string,
) {
  const bases = await basesOf(space, group, encodedPoints(group, terms));
  const got = await multiplyWitness(
    space,
    bases,
    terms.map(({ scalar }) => scalar),
  );
  assert.deepEqual(got, expectedSum(group, terms), `${group}: ${name}`);
}

/** An odd case gets a zero at infinity. */
async function checkAsQuotient(
  space: KernelSpace,
  group: KernelGroup,
  terms: readonly Term[],
  name: string,
) {
  const even = terms.length % 2 === 0 ? terms : [...terms, { scalar: 0n, log: 0 }];
  const bases = await basesOf(space, group, encodedPoints(group, even));
  const a = even.map(() => random.bigint(R));
  const b = even.map(() => random.bigint(R));
  const c = even.map(({ scalar }, i) => reduce(a[i]! * b[i]! - scalar));
  const list = await quotientList(space, { a, b, c });
  const got = await multiplyLists(space, bases, [list]);
  assert.deepEqual(got, expectedSum(group, even), `${group}: ${name}`);
}

test('the check itself: known multiples stand for the sum of all products', () => {
  const terms = drawTerms(3, () => random.bigint(R));
  for (const group of GROUPS) {
    const points = terms.map(({ log }) => multipleOf(group, log));
    const sum = multiplyAllSlow(
      points,
      terms.map(({ scalar }) => scalar),
    );
    assert.deepEqual(expectedSum(group, terms), sum);
    assert.notDeepEqual(expectedSum(group, terms.slice(1)), sum);
  }
});

for (const variant of VARIANTS) {
  test(`${variant}: scalars of a witness, all cases`, () =>
    withKernelSpace(variant, 1, async (space) => {
      for (const [name, terms] of Object.entries(CASES)) {
        for (const group of GROUPS) await checkAsWitness(space, group, terms, name);
      }
    }));

  test(`${variant}: scalars of a quotient, all cases`, () =>
    withKernelSpace(variant, 1, async (space) => {
      for (const [name, terms] of Object.entries(CASES)) {
        await checkAsQuotient(space, 'g1', terms, name);
      }
    }));

  test(`${variant}: products are those of Ethereum’s precompiled contract`, () =>
    withKernelSpace(variant, 1, async (space) => {
      for (const { name, p, scalar, product } of MULTIPLICATION_VECTORS) {
        const bases = await basesOf(space, 'g1', encodeSlow('g1', [p]));
        assert.deepEqual(await multiplyWitness(space, bases, [scalar]), product, name);
        const another = await multiplyWitness(space, bases, [reduce(scalar + 1n)]);
        assert.notDeepEqual(another, product, name);
      }
    }));

  for (const threads of [1, 2, 3]) {
    test(`${variant}: pieces and blocks of crowded buckets on ${threads} threads`, () =>
      withKernelSpace(variant, threads, async (space) => {
        await checkAsWitness(space, 'g1', CROWD, 'crowd');
        if (threads === 2) await checkAsWitness(space, 'g2', CROWD.slice(0, 18_000), 'crowd');
      }));
  }
}
