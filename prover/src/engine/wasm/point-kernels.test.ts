/**
 * Batched additions and doublings of points against the textbook's rule, in both variants and
 * groups.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE_FIELD_ORDER, SCALAR_FIELD_ORDER, writeFieldBytes } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { QuadraticElement } from '../../curve/coordinate-field.ts';
import type { GroupName } from '../../curve/point-group.ts';
import { ADDITION_VECTORS } from '../../testing/evm-point-vectors.ts';
import { readPoint, writePoint } from '../../testing/kernel-values.ts';
import { type TestedKernels, testedKernels } from '../../testing/kernel-variants.ts';
import {
  addSlow,
  multiplySlow,
  negateSlow,
  SLOW_GENERATORS,
  type SlowPoint,
} from '../../testing/slow-points.ts';
import { POINT_MEMORY_BYTES } from './multi-scalar.ts';

const random = seededRandom(announceSeed());
const P = BASE_FIELD_ORDER;
const INSTANCES = await testedKernels();

/** An addition: operands, which of them is negated, and whether the result overwrites the first. */
interface Addition {
  readonly operands: readonly [SlowPoint, SlowPoint];
  readonly signs: readonly [boolean, boolean];
  readonly isInPlace: boolean;
}

const ENTRY_BYTES = 12;

/** Adds all pairs in one call; the list has room for one more entry, as the kernel asks. */
function addAll(
  { kernels, memory }: TestedKernels,
  group: GroupName,
  additions: readonly Addition[],
) {
  const mark = memory.mark();
  const bytes = POINT_MEMORY_BYTES[group];
  const list = memory.allocate(ENTRY_BYTES * (additions.length + 1));
  const points = memory.allocate(3 * bytes * additions.length);
  const results = additions.map(({ operands, signs, isInPlace }, i) => {
    const at = [0, 1, 2].map((n) => points + (3 * i + n) * bytes) as [number, number, number];
    writePoint(memory, group, at[0], operands[0]);
    writePoint(memory, group, at[1], operands[1]);
    const result = isInPlace ? at[0] : at[2];
    const entry = [at[0] + (signs[0] ? 1 : 0), at[1] + (signs[1] ? 1 : 0), result];
    memory.words(list + ENTRY_BYTES * i, 3).set(entry);
    return result;
  });
  kernels[`${group}AddAll`]!(list, additions.length);
  const sums = results.map((address) => readPoint(memory, group, address));
  memory.release(mark);
  return sums;
}

function expectedSums(additions: readonly Addition[]): SlowPoint[] {
  return additions.map(({ operands: [p, q], signs }) =>
    addSlow(signs[0] ? negateSlow(p) : p, signs[1] ? negateSlow(q) : q),
  );
}

function plain(p: SlowPoint, q: SlowPoint): Addition {
  return { operands: [p, q], signs: [false, false], isInPlace: false };
}

/** Residues at the ends of the range, of limbs and of their rounding. */
const EDGES = [
  0n,
  1n,
  P - 1n,
  2n,
  P / 2n,
  P / 2n + 1n,
  2n ** 50n,
  P - 2n ** 51n,
  2n ** 204n,
  2n ** 253n,
];

function edgeElement(group: GroupName): QuadraticElement {
  const c0 = random.boolean(0.8) ? random.pick(EDGES) : random.bigint(P);
  return { c0, c1: group === 'g1' ? 0n : random.pick([...EDGES, random.bigint(P)]) };
}

/**
 * Coordinates on no curve: the rule's formula has meaning for them, and they reach what points do
 * not.
 */
function edgePairs(group: GroupName, count: number): Addition[] {
  const pairs: Addition[] = [];
  while (pairs.length < count) {
    const draw = () => ({ x: edgeElement(group), y: edgeElement(group) });
    const [p, q] = [draw(), draw()];
    if (p.x.c0 === q.x.c0 && p.x.c1 === q.x.c1) continue;
    pairs.push({ operands: [p, q], signs: [random.boolean(), random.boolean()], isInPlace: false });
  }
  return pairs;
}

const MULTIPLES = 31;

for (const group of ['g1', 'g2'] as const) {
  const multiples: SlowPoint[] = [null];
  while (multiples.length <= MULTIPLES) {
    multiples.push(addSlow(multiples.at(-1)!, SLOW_GENERATORS[group]));
  }
  const batches = [0, 1, 2, 3, 8, 31, 1023, 1024, 1025].map((length) =>
    Array.from({ length }, (): Addition => {
      // Multiples of few: every kind of coincidence occurs, rarely enough that batches differ.
      const few = length < 100 ? 6 : MULTIPLES;
      return {
        operands: [random.pick(multiples.slice(0, few)), random.pick(multiples)],
        signs: [random.boolean(), random.boolean()],
        isInPlace: random.boolean(),
      };
    }),
  );
  const [point, other] = [multiples[5]!, multiples[9]!];
  const alone: Readonly<Record<string, Addition>> = {
    'different points': plain(point, other),
    'equal points': plain(point, point),
    'opposite points': plain(point, negateSlow(point)),
    'opposite by sign': { ...plain(point, point), signs: [false, true] },
    'infinity and a point': plain(null, point),
    'a point and infinity': plain(point, null),
    'infinity twice': plain(null, null),
    'infinity and a negated point': { ...plain(null, point), signs: [false, true] },
    'equal points, negated, in place': {
      operands: [point, point],
      signs: [true, true],
      isInPlace: true,
    },
  };
  const chords = edgePairs(group, 400);

  for (const tested of INSTANCES) {
    const { variant, kernels, memory } = tested;

    test(`${variant}, ${group}: each kind of addition alone, and all in one batch`, () => {
      for (const [name, addition] of Object.entries(alone)) {
        assert.deepEqual(addAll(tested, group, [addition]), expectedSums([addition]), name);
      }
      const all = Object.values(alone);
      assert.deepEqual(addAll(tested, group, all), expectedSums(all));
    });

    test(`${variant}, ${group}: batches of all lengths, all kinds of additions among them`, () => {
      for (const batch of batches) {
        assert.deepEqual(addAll(tested, group, batch), expectedSums(batch), `${batch.length}`);
      }
    });

    test(`${variant}, ${group}: batches of equal and of opposite points alone`, () => {
      for (const sign of [false, true]) {
        const batch = multiples
          .slice(1)
          .map((p): Addition => ({ ...plain(p, p), signs: [sign, false] }));
        assert.deepEqual(addAll(tested, group, batch), expectedSums(batch));
      }
    });

    test(`${variant}, ${group}: chords through edge values of the field`, () => {
      assert.deepEqual(addAll(tested, group, chords), expectedSums(chords));
    });

    test(`${variant}, ${group}: doublings at edge values of the field`, () => {
      const at = memory.allocate(POINT_MEMORY_BYTES[group]);
      for (const { operands } of chords.slice(0, 60)) {
        const p = operands[0]!;
        if (p.y.c0 === 0n && p.y.c1 === 0n) continue;
        writePoint(memory, group, at, p);
        kernels[`${group}Double`]!(at, at + 1);
        assert.deepEqual(readPoint(memory, group, at), addSlow(negateSlow(p), negateSlow(p)));
      }
    });
  }
}

for (const { variant, kernels, memory } of INSTANCES) {
  test(`${variant}: a multiple of a point is the sum of so many, for scalars up to r − 1`, () => {
    const [at, result] = [0, 1].map(() => memory.allocate(POINT_MEMORY_BYTES.g1)) as [
      number,
      number,
    ];
    const scalar = memory.allocate(32);
    const bytes = memory.bytes(scalar, 32);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
    const highest = SCALAR_FIELD_ORDER - 1n;
    for (const k of [0n, 1n, 2n, 3n, highest, highest / 2n, random.bigint(highest)]) {
      writeFieldBytes(view, 0, k);
      writePoint(memory, 'g1', at, SLOW_GENERATORS.g1);
      kernels.g1MultiplyPoint!(result, at, scalar);
      const expected = multiplySlow(SLOW_GENERATORS.g1, k);
      assert.deepEqual(readPoint(memory, 'g1', result), expected, `${k}`);
      writePoint(memory, 'g1', at, null);
      kernels.g1MultiplyPoint!(result, at, scalar);
      assert.equal(readPoint(memory, 'g1', result), null);
    }
  });
}

for (const tested of INSTANCES) {
  test(`${tested.variant}: sums are those of Ethereum’s precompiled contract`, () => {
    const additions = ADDITION_VECTORS.map(({ p, q }) => plain(p, q));
    const sums = ADDITION_VECTORS.map(({ sum }) => sum);
    assert.deepEqual(addAll(tested, 'g1', additions), sums);
    assert.notDeepEqual(addAll(tested, 'g1', additions), sums.toReversed());
  });
}
