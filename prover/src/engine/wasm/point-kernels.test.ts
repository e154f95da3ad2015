/** Batched additions of points against noble-curves. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER, invert, reduce } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { limbsOf } from './field-limbs.ts';
import { instantiateKernels } from './kernel-instance.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { bestKernelVariant, type Kernels, type KernelVariant } from './kernel-module.ts';

const random = seededRandom(announceSeed());
const P = BASE_FIELD_ORDER;
const MONTGOMERY = (1n << 255n) % P;
const INFINITY_BITS = 0x7ff0000000000000n;

type G1 = InstanceType<typeof bn254.G1.Point>;
type G2 = InstanceType<typeof bn254.G2.Point>;

/** What differs between the groups. */
interface Group<T> {
  readonly name: 'g1' | 'g2';
  readonly bytes: number;
  readonly base: T;
  readonly zero: T;
  coordinates(point: T): bigint[];
  from(coordinates: readonly bigint[]): T;
}

const G1_GROUP: Group<G1> = {
  name: 'g1',
  bytes: 80,
  base: bn254.G1.Point.BASE,
  zero: bn254.G1.Point.ZERO,
  coordinates(point) {
    const { x, y } = point.toAffine();
    return [x, y];
  },
  from: ([x, y]) => bn254.G1.Point.fromAffine({ x: x!, y: y! }),
};

const G2_GROUP: Group<G2> = {
  name: 'g2',
  bytes: 160,
  base: bn254.G2.Point.BASE,
  zero: bn254.G2.Point.ZERO,
  coordinates(point) {
    const { x, y } = point.toAffine();
    return [x.c0, x.c1, y.c0, y.c1];
  },
  from: ([a, b, c, d]) =>
    bn254.G2.Point.fromAffine({ x: { c0: a!, c1: b! }, y: { c0: c!, c1: d! } }),
};

const instances = new Map<KernelVariant, { kernels: Kernels; memory: KernelMemory }>();

before(async () => {
  const variants: KernelVariant[] = ['scalar'];
  if ((await bestKernelVariant()) === 'fused') variants.push('fused');
  for (const variant of variants) instances.set(variant, await instantiateKernels(variant));
});

interface CurvePoint<T> {
  add(other: T): T;
  negate(): T;
  equals(other: T): boolean;
  is0(): boolean;
}

function testGroup<T extends CurvePoint<T>>(group: Group<T>): void {
  const put = (memory: KernelMemory, at: number, point: T) => {
    if (point.is0()) {
      memory.longs(at, 1)[0] = INFINITY_BITS;
      return;
    }
    group.coordinates(point).forEach((coordinate, i) => {
      const value = reduce(coordinate * MONTGOMERY, P);
      const centred = value > P / 2n ? value - P : value;
      memory.doubles(at + 40 * i, 5).set(limbsOf(centred).map(Number));
    });
  };
  const get = (memory: KernelMemory, at: number): T => {
    if (memory.longs(at, 1)[0] === INFINITY_BITS) return group.zero;
    const coordinates = Array.from({ length: group.bytes / 40 }, (_, i) => {
      const limbs = memory.doubles(at + 40 * i, 5);
      const value = limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
      return reduce(value * invert(MONTGOMERY, P), P);
    });
    return group.from(coordinates);
  };

  test(`${group.name}: batches of all lengths, with equal, opposite and infinite points`, () => {
    const multiples = [group.zero, group.base];
    for (let i = 0; i < 30; i++) multiples.push(multiples.at(-1)!.add(group.base));
    for (const { kernels, memory } of instances.values()) {
      for (const length of [1, 2, 3, 8, 31, 1023, 1025]) {
        const mark = memory.mark();
        const list = memory.allocate(12 * (length + 1));
        const points = memory.allocate(3 * group.bytes * length);
        const pairs = Array.from({ length }, (_, i) => {
          // Multiples of few: every kind of coincidence occurs, rarely enough that batches differ.
          const few = length < 100 ? 6 : 31;
          const operands = [random.pick(multiples.slice(0, few)), random.pick(multiples)];
          const signs = [random.boolean(), random.boolean()];
          const at = points + 3 * group.bytes * i;
          operands.forEach((point, n) => {
            put(memory, at + n * group.bytes, point!);
          });
          const result = random.boolean() ? at : at + 2 * group.bytes;
          memory
            .words(list + 12 * i, 3)
            .set([at + (signs[0] ? 1 : 0), at + group.bytes + (signs[1] ? 1 : 0), result]);
          const signed = operands.map((point, n) => (signs[n] ? point!.negate() : point!));
          return { result, sum: signed[0]!.add(signed[1]!) };
        });
        kernels[`${group.name}AddAll`]!(list, length);
        for (const { result, sum } of pairs) assert.ok(get(memory, result).equals(sum));
        memory.release(mark);
      }
    }
  });

  test(`${group.name}: a wrong sum would be seen`, () => {
    const { memory } = [...instances.values()][0]!;
    const at = memory.allocate(group.bytes);
    put(memory, at, group.base);
    assert.ok(get(memory, at).equals(group.base));
    assert.ok(!get(memory, at).equals(group.base.negate()));
  });
}

testGroup(G1_GROUP);
testGroup(G2_GROUP);
