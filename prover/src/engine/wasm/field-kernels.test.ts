/** The fields' arithmetic in WebAssembly against bigint, in both variants. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BASE_FIELD_ORDER, invert, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { limbsOf } from './field-limbs.ts';
import { instantiateKernels } from './kernel-instance.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { bestKernelVariant, type Kernels, type KernelVariant } from './kernel-module.ts';

const random = seededRandom(announceSeed());
const MONTGOMERY = 1n << 255n;
const HALF_LIMB = 1n << 50n;

/** Two elements, as the integers that their limbs stand for. */
type Cell = readonly [bigint, bigint];

let variants: readonly KernelVariant[] = [];
const instances = new Map<KernelVariant, { kernels: Kernels; memory: KernelMemory }>();

before(async () => {
  variants = (await bestKernelVariant()) === 'fused' ? ['fused', 'scalar'] : ['scalar'];
  for (const variant of variants) instances.set(variant, await instantiateKernels(variant));
});

/**
 * Edge values of a field, then random ones in [−p/2, p/2]; ties of the reduction's rounding among
 * them.
 */
function operands(modulus: bigint): bigint[] {
  const edges = [0n, 1n, -1n, modulus / 2n, -modulus / 2n, modulus - 1n, 2n * modulus - 1n];
  const ties = [HALF_LIMB, -HALF_LIMB, HALF_LIMB + (HALF_LIMB << 51n), 3n * HALF_LIMB];
  const drawn = Array.from({ length: 40 }, () => random.bigint(modulus) - modulus / 2n);
  return [...edges, ...ties, ...drawn];
}

function write(memory: KernelMemory, address: number, cell: Cell): void {
  const doubles = memory.doubles(address, 10);
  cell.forEach((value, lane) => {
    limbsOf(value).forEach((limb, i) => {
      doubles[2 * i + lane] = Number(limb);
    });
  });
}

function read(memory: KernelMemory, address: number): Cell {
  const doubles = memory.doubles(address, 10);
  const lane = (n: number) =>
    [4, 3, 2, 1, 0].reduce((sum, i) => (sum << 51n) + BigInt(doubles[2 * i + n]!), 0n);
  return [lane(0), lane(1)];
}

/** Runs a kernel on every pair of operands in the first lane, shifted pairs in the second. */
function check(
  name: string,
  modulus: bigint,
  arity: number,
  expected: (values: readonly bigint[]) => bigint,
  bound: number,
  largest = 2n * modulus,
): void {
  for (const { kernels, memory } of instances.values()) {
    const mark = memory.mark();
    const cells = Array.from({ length: arity + 1 }, () => memory.allocate(80));
    const [out, ...inputs] = cells as [number, ...number[]];
    const values = operands(modulus).filter((v) => v <= largest && v >= -largest);
    for (let round = 0; round < values.length ** 2; round++) {
      const pick = (n: number) =>
        values[(n % 2 === 0 ? round : Math.floor(round / values.length) + n) % values.length]!;
      const lanes = inputs.map((_, n): Cell => [pick(n), pick(n + 1)]);
      inputs.forEach((address, n) => {
        write(memory, address, lanes[n]!);
      });
      kernels[name]!(out, ...inputs);
      read(memory, out).forEach((got, lane) => {
        const want = expected(lanes.map((cell) => cell[lane]!));
        assert.equal(reduce(got - want, modulus), 0n, `${name}: ${lanes.join(' ')}`);
        assert.ok(Math.abs(Number(got) / Number(modulus)) <= bound, `${name}: range`);
      });
    }
    memory.release(mark);
  }
}

const FIELDS = { fp: BASE_FIELD_ORDER, fr: SCALAR_FIELD_ORDER } as const;

for (const [field, modulus] of Object.entries(FIELDS)) {
  const factor = invert(MONTGOMERY, modulus);
  test(`${field}: multiply is a·b/R, at most 0.379·x·y + 0.5`, () => {
    check(`${field}Multiply`, modulus, 2, ([a, b]) => a! * b! * factor, 2.03);
  });

  test(`${field}: multiplySubtract is a·b/R − m, folded`, () => {
    const name = `${field}MultiplySubtract`;
    check(name, modulus, 3, ([a, b, m]) => a! * b! * factor - m!, 0.5001, modulus);
  });
}

test('fp: square, dot and dotSubtract agree with products', () => {
  const factor = invert(MONTGOMERY, BASE_FIELD_ORDER);
  check('fpSquare', BASE_FIELD_ORDER, 1, ([a]) => a! * a! * factor, 2.03);
  check(
    'fpDot',
    BASE_FIELD_ORDER,
    4,
    ([a, b, c, d]) => (a! * b! + c! * d!) * factor,
    0.5001,
    BASE_FIELD_ORDER,
  );
  check(
    'fpDotSubtract',
    BASE_FIELD_ORDER,
    5,
    ([a, b, c, d, m]) => (a! * b! + c! * d!) * factor - m!,
    0.5001,
    BASE_FIELD_ORDER,
  );
});

test('fp: normalize keeps the residue and leaves at most half of p', () => {
  check('fpNormalize', BASE_FIELD_ORDER, 1, ([a]) => a!, 0.5001);
});

test('inverses times the element are 1, for all edge values but 0', () => {
  for (const { kernels, memory } of instances.values()) {
    const element = memory.allocate(40);
    for (const value of operands(BASE_FIELD_ORDER).filter((v) => v % BASE_FIELD_ORDER !== 0n)) {
      memory.doubles(element, 5).set(limbsOf(value).map(Number));
      kernels.invertLimbs!(element, 8);
      const limbs = memory.doubles(element, 5);
      const got = limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
      assert.equal(reduce(got * value, BASE_FIELD_ORDER), 1n);
    }
  }
});
