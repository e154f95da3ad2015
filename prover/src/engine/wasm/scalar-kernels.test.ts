/** Lengths, lists and signed digits of scalars: kernels against bigint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { scalarBytes } from '../../setup/key-scalars.ts';
import { type TestedKernels, testedKernels } from '../../testing/kernel-variants.ts';
import { digitOffset, type WindowPlan } from './window-plan.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const HALF = (R - 1n) / 2n;

const RECORD_BYTES = 40;
const SMALL_RECORD_BYTES = 8;

const INSTANCES = await testedKernels();

/**
 * Both sides of every power of two, in both signs, the ends of the range, equal ones, random ones
 * of all lengths.
 */
const SCALARS = [0n, 1n, R - 1n, HALF, HALF + 1n, HALF - 1n, HALF + 2n, 0n]
  .concat(
    Array.from({ length: 253 }, (_, bits) => 2n ** BigInt(bits)).flatMap((power) =>
      [power - 1n, power, power + 1n].flatMap((scalar) => [scalar, reduce(-scalar)]),
    ),
  )
  .concat(new Array<bigint>(50).fill(R / 7n), new Array<bigint>(50).fill(R - 77n))
  .concat(
    Array.from({ length: 200 }, () => reduce(random.bigint(2n ** BigInt(random.int(1, 254))))),
  );

/** The residue nearest 0. */
const centred = (scalar: bigint) => (scalar > HALF ? scalar - R : scalar);
const lengthOf = (value: bigint) =>
  value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length;

/**
 * Scalars whose lowest digits are all the least there are, and those whose sums with the offset
 * have ones in all bits but carry from below, of at most so many bits.
 */
function extremesOf(plan: WindowPlan, bits: number): bigint[] {
  const offset = digitOffset(plan);
  const cut = (value: bigint) => BigInt.asUintN(bits, value);
  return [offset, ~offset, ~offset + 1n, ~offset | (2n ** 64n - 1n), ~offset | (2n ** 128n - 1n)]
    .map(cut)
    .flatMap((scalar) => [scalar, reduce(-scalar)]);
}

/** The least windows whose digits make up all integers of a magnitude. */
function planFor(bits: number, magnitude: bigint): WindowPlan {
  const digit = 2n ** BigInt(bits - 1) - 1n;
  let [count, highest] = [1, digit];
  for (; highest < magnitude; count++) highest = highest * 2n ** BigInt(bits) + digit;
  return { bits, count };
}

function writeScalars({ memory }: TestedKernels, scalars: readonly bigint[]): number {
  const address = memory.allocate(32 * scalars.length);
  memory.bytes(address, 32 * scalars.length).set(scalarBytes(scalars));
  return address;
}

interface List {
  readonly numbers: number;
  readonly records: number;
  readonly recordBytes: number;
  readonly count: number;
  readonly plan: WindowPlan;
}

/**
 * Splits scalars, of which so many are small; digits of small ones have windows of `small`, others
 * of `wide`.
 */
function split(
  tested: TestedKernels,
  values: readonly bigint[],
  smallBits: number,
  small: WindowPlan,
  wide: WindowPlan,
): [List, List] {
  const { kernels, memory } = tested;
  const scalars = writeScalars(tested, values);
  const count = values.length;
  const isSmall = values.map((scalar) => lengthOf(centred(scalar)) <= smallBits && scalar !== 0n);
  const smallCount = isSmall.filter(Boolean).length;
  const list = (plan: WindowPlan, recordBytes: number, count: number): List => ({
    plan,
    recordBytes,
    count,
    numbers: memory.allocate(4 * count),
    records: memory.allocate(recordBytes * count + 8),
  });
  const zeros = values.filter((scalar) => scalar === 0n).length;
  const lists: [List, List] = [
    list(small, SMALL_RECORD_BYTES, smallCount),
    list(wide, RECORD_BYTES, count - smallCount - zeros),
  ];
  const wideOffset = memory.allocate(RECORD_BYTES);
  const offset = digitOffset(wide);
  for (let i = 0; i < 5; i++) {
    memory.longs(wideOffset, 5)[i] = BigInt.asIntN(64, offset >> BigInt(64 * i));
  }
  kernels.splitScalars!(
    scalars,
    count,
    smallBits,
    BigInt.asIntN(64, digitOffset(small)),
    lists[0].numbers,
    lists[0].records,
    wideOffset,
    lists[1].numbers,
    lists[1].records,
  );
  return lists;
}

/** By number of the scalar, Σ digit · 2^(bits·w) over what windows were sorted into. */
function recompose({ kernels, memory }: TestedKernels, list: List): Map<number, bigint> {
  const { bits, count } = list.plan;
  const sums = new Map([...memory.words(list.numbers, list.count)].map((number) => [number, 0n]));
  assert.equal(sums.size, list.count);
  const buckets = 2 ** (bits - 1);
  const offsets = memory.allocate(4 * (buckets + 2));
  const terms = memory.allocate(4 * list.count);
  for (let w = 0; w < count; w++) {
    const { records, recordBytes, numbers } = list;
    kernels.sortWindow!(records, recordBytes, numbers, list.count, w * bits, bits, offsets, terms);
    const starts = memory.words(offsets, buckets + 1);
    assert.equal(starts[0], 0);
    for (let bucket = 0; bucket < buckets; bucket++) {
      for (let at = starts[bucket]!; at < starts[bucket + 1]!; at++) {
        const term = memory.words(terms, list.count)[at]!;
        const digit = BigInt(bucket + 1) * (term % 2 === 0 ? 1n : -1n);
        const number = term >>> 1;
        sums.set(number, sums.get(number)! + (digit << BigInt(bits * w)));
      }
    }
  }
  return sums;
}

for (const tested of INSTANCES) {
  const { variant, kernels, memory } = tested;

  test(`${variant}: lengths are those of the residues nearest 0`, () => {
    const histogram = memory.allocate(1024);
    kernels.measureScalars!(writeScalars(tested, SCALARS), SCALARS.length, histogram);
    const expected = new Array<number>(256).fill(0);
    for (const scalar of SCALARS) expected[lengthOf(centred(scalar))]!++;
    assert.deepEqual([...memory.words(histogram, 256)], expected);
  });

  for (let bits = 2; bits <= 15; bits++) {
    test(`${variant}: digits of ${bits} bits make up every scalar once, in its list`, () => {
      const most = [63, 48, 1, random.int(2, 47)].filter((smallBits) => {
        const plan = planFor(bits, 2n ** BigInt(smallBits) - 1n);
        return plan.bits * plan.count <= 64;
      });
      for (const smallBits of most) {
        const mark = memory.mark();
        const plan = planFor(bits, 2n ** BigInt(smallBits) - 1n);
        const wide = planFor(bits, 2n ** 253n);
        const values = [...SCALARS, ...extremesOf(plan, smallBits), ...extremesOf(wide, 253)];
        const lists = split(tested, values, smallBits, plan, wide);
        const expected = values
          .map((scalar, i) => [i, centred(scalar)] as const)
          .filter(([, scalar]) => scalar !== 0n);
        const isSmall = ([, scalar]: readonly [number, bigint]) => lengthOf(scalar) <= smallBits;
        assert.deepEqual([...recompose(tested, lists[0])], expected.filter(isSmall));
        assert.deepEqual(
          [...recompose(tested, lists[1])],
          expected.filter((of) => !isSmall(of)),
        );
        memory.release(mark);
      }
    });
  }
}
