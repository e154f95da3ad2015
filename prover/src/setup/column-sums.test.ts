/** Sums of points by columns: kernels against doubling and adding, in both variants and groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Coefficient, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { type KernelGroup, POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { readPoint, writePoint } from '../testing/kernel-values.ts';
import { testedVariants, withKernelSpace } from '../testing/kernel-variants.ts';
import { addSlow, multiplySlow, SLOW_GENERATORS, type SlowPoint } from '../testing/slow-points.ts';
import {
  allocateColumns,
  columnTasks,
  type DigitTable,
  writeColumns,
  writeDigitTable,
} from './column-sums.ts';
import type { MatrixTerms } from './constraint-terms.ts';

const random = seededRandom(announceSeed());
const R = SCALAR_FIELD_ORDER;
const VARIANTS = await testedVariants();

const ROWS = 64;

/** More than advance together, so that blocks follow each other in one piece of work. */
const WIRES = 1500;

/** A term of a matrix; bases are small multiples of the generator, by row. */
interface Term {
  readonly row: number;
  readonly wire: number;
  readonly coefficient: Coefficient;
}

/** The first rows' bases are infinity, equal and opposite. */
const logs = [0, 0, 1, 1, -1, -1, 2].concat(
  Array.from({ length: ROWS - 7 }, () => random.int(-20, 20)),
);

const repeated = (count: number, row: number, wire: number, coefficient: Coefficient) =>
  new Array<Term>(count).fill({ row, wire, coefficient });

/** Columns with what is special; wires from 20 on have a few small coefficients, many have none. */
const TERMS: readonly Term[] = [
  ...repeated(1, 2, 1, 1),
  ...repeated(1, 2, 2, -1),
  ...repeated(1, 2, 3, 0),
  ...repeated(1, 0, 4, 5),
  ...[2, 3].map((row) => ({ row, wire: 5, coefficient: 1 })),
  ...[2, 4].map((row) => ({ row, wire: 6, coefficient: 1 })),
  ...[2, 3].map((row) => ({ row, wire: 7, coefficient: row === 2 ? 3 : -3 })),
  ...repeated(1, 6, 8, R - 1n),
  ...repeated(1, 6, 9, R / 2n),
  ...repeated(1, 6, 10, R / 2n + 1n),
  ...repeated(1, 6, 11, 2n ** 253n - 1n),
  ...Array.from({ length: 12 }, (_, row) => ({ row, wire: 12, coefficient: random.bigint(R) })),
  // A column longer than a block, and one whose sum doubles again and again.
  ...Array.from({ length: 9000 }, (_, i) => ({
    row: i % ROWS,
    wire: 13,
    coefficient: random.pick([1, -1, 7, -100]),
  })),
  ...repeated(5000, 3, 14, 1),
  ...repeated(300, 3, 15, 2 ** 40),
  ...Array.from({ length: 3 * WIRES }, () => ({
    row: random.int(0, ROWS - 1),
    wire: random.int(20, WIRES - 1),
    coefficient: random.pick([0, 1, -1, 2, 3, -5]),
  })),
];

/** What each wire's sum has before, and after, as a multiple of the generator. */
const BEFORE = Array.from({ length: WIRES }, (_, wire) => (wire % 3 === 0 ? 0 : (wire % 7) - 3));
const AFTER = TERMS.reduce(
  (sums, { row, wire, coefficient }) => {
    sums[wire] = reduce(sums[wire]! + BigInt(coefficient) * BigInt(logs[row]!));
    return sums;
  },
  BEFORE.map((log) => reduce(BigInt(log))),
);

function matrixOf(coefficients: readonly Coefficient[]): MatrixTerms {
  return {
    count: TERMS.length,
    rows: Uint32Array.from(TERMS, ({ row }) => row),
    wires: Uint32Array.from(TERMS, ({ wire }) => wire),
    coefficients: Uint32Array.from(TERMS, ({ coefficient }) => coefficients.indexOf(coefficient)),
  };
}

/** Multiples of a generator, each computed once. */
function multiplesOf(group: KernelGroup): (log: bigint) => SlowPoint {
  const known = new Map<bigint, SlowPoint>();
  return (log) => {
    const centred = 2n * log > R ? log - R : log;
    if (!known.has(centred)) known.set(centred, multiplySlow(SLOW_GENERATORS[group], centred));
    return known.get(centred)!;
  };
}

const multiples = { g1: multiplesOf('g1'), g2: multiplesOf('g2') };

function writeMultiples(space: KernelSpace, group: KernelGroup, of: readonly number[]): number {
  const bytes = POINT_MEMORY_BYTES[group];
  const points = space.memory.allocate(of.length * bytes);
  of.forEach((log, i) => {
    writePoint(space.memory, group, points + i * bytes, multiples[group](reduce(BigInt(log))));
  });
  return points;
}

async function sumColumns(space: KernelSpace, group: KernelGroup): Promise<SlowPoint[]> {
  const { memory, threads } = space;
  const coefficients = [...new Set(TERMS.map(({ coefficient }) => coefficient))];
  const digits: DigitTable = writeDigitTable(memory, coefficients);
  const regions = allocateColumns(memory, WIRES, TERMS.length);
  const columns = writeColumns(memory, threads, regions, digits, WIRES, matrixOf(coefficients));
  const end = columns.pieces.at(-1)![1];
  const pieces = threads === 1 ? [[0, end] as const] : columns.pieces;
  const bases = writeMultiples(space, group, logs);
  const sums = writeMultiples(space, group, BEFORE);
  await space.run(columnTasks({ ...columns, pieces }, group, bases, sums));
  const bytes = POINT_MEMORY_BYTES[group];
  return BEFORE.map((_, wire) => readPoint(memory, group, sums + wire * bytes));
}

test('the check itself: a column is the sum of its terms one by one', () => {
  const ofWire = TERMS.filter(({ wire }) => wire === 12).map(({ row, coefficient }) =>
    multiplySlow(multiples.g1(reduce(BigInt(logs[row]!))), BigInt(coefficient)),
  );
  const before = multiples.g1(reduce(BigInt(BEFORE[12]!)));
  assert.deepEqual(ofWire.reduce(addSlow, before), multiples.g1(AFTER[12]!));
});

for (const variant of VARIANTS) {
  for (const [group, threads] of [
    ['g1', 1],
    ['g1', 2],
    ['g1', 3],
    ['g2', 2],
  ] as const) {
    test(`${variant}, ${group}, ${threads} threads: every column is the sum of its terms`, () =>
      withKernelSpace(variant, threads, async (space) => {
        const got = await sumColumns(space, group);
        got.forEach((sum, wire) => {
          assert.deepEqual(sum, multiples[group](AFTER[wire]!), `wire ${wire}`);
        });
      }));
  }
}
