/** The fields' arithmetic in WebAssembly against bigint, in both variants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE_FIELD_ORDER, invert, reduce, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import {
  CELL_BYTES,
  type Cell,
  joinLimbs,
  limbsOfLane,
  MONTGOMERY,
  readCell,
  readInteger,
  writeCell,
  writeCellLimbs,
  writeInteger,
} from '../../testing/kernel-values.ts';
import { type TestedKernels, testedKernels } from '../../testing/kernel-variants.ts';

const random = seededRandom(announceSeed());
const HALF_LIMB = 1n << 50n;

const INSTANCES = await testedKernels();

/**
 * Edge values of a field, ones in all bits and ties of the reduction's rounding among them, then
 * random ones in [−p/2, p/2].
 */
function operands(modulus: bigint): bigint[] {
  const edges = [0n, 1n, -1n, modulus / 2n, -modulus / 2n, modulus - 1n, 2n * modulus - 1n];
  const ones = [2n ** 253n - 1n, 1n - 2n ** 253n];
  const ties = [HALF_LIMB, -HALF_LIMB, HALF_LIMB + (HALF_LIMB << 51n), 3n * HALF_LIMB];
  const drawn = Array.from({ length: 40 }, () => random.bigint(modulus) - modulus / 2n);
  return [...edges, ...ones, ...ties, ...drawn];
}

/** What a kernel must leave: a residue, at most `bound` times the modulus in magnitude. */
interface Expectation {
  readonly modulus: bigint;
  readonly bound: number;
  /** The most that limbs but the top one may be in magnitude. */
  readonly limb: bigint;
}

function assertCell(
  { memory }: TestedKernels,
  address: number,
  want: Cell,
  { modulus, bound, limb: most }: Expectation,
  message: string,
): void {
  readCell(memory, address).forEach((got, lane) => {
    assert.equal(reduce(got - want[lane]!, modulus), 0n, message);
    assert.ok(Math.abs(Number(got) / Number(modulus)) <= bound, `${message}: range`);
    for (const limb of limbsOfLane(memory, address, lane).slice(0, 4)) {
      assert.ok(Math.abs(limb) <= Number(most), `${message}: limbs`);
    }
  });
}

type Triple = [number, number, number];

type Formula = (values: readonly bigint[]) => bigint;

/** Runs a kernel on every pair of operands in the first lane, shifted pairs in the second. */
function check(
  name: string,
  modulus: bigint,
  arity: number,
  formula: Formula,
  bound: number,
  largest = 2n * modulus,
): void {
  for (const tested of INSTANCES) {
    const { kernels, memory } = tested;
    const mark = memory.mark();
    const [out, ...inputs] = Array.from({ length: arity + 1 }, () => memory.allocate(CELL_BYTES));
    const values = operands(modulus).filter((v) => v <= largest && v >= -largest);
    for (let round = 0; round < values.length ** 2; round++) {
      const pick = (n: number) =>
        values[(n % 2 === 0 ? round : Math.floor(round / values.length) + n) % values.length]!;
      const cells = inputs.map((_, n): Cell => [pick(n), pick(n + 1)]);
      inputs.forEach((address, n) => {
        writeCell(memory, address, cells[n]!);
      });
      kernels[name]!(out!, ...inputs);
      const want = [0, 1].map((lane) => formula(cells.map((cell) => cell[lane]!)));
      const message = `${tested.variant} ${name}: ${cells.join(' ')}`;
      const expectation = { modulus, bound, limb: HALF_LIMB };
      assertCell(tested, out!, want as [bigint, bigint], expectation, message);
    }
    memory.release(mark);
  }
}

/**
 * Limbs at the ends of what kernels take, `bits` bits and a sign; the top one keeps the value
 * small.
 */
function drawWideLimbs(modulus: bigint, bits: bigint, largest: number): bigint[] {
  const most = 1n << bits;
  for (;;) {
    const low = Array.from({ length: 4 }, () =>
      random.pick([most, -most, most - 1n, 0n, random.bigint(2n * most) - most]),
    );
    const top = random.bigint(modulus >> 202n) - (modulus >> 203n);
    const value = joinLimbs([...low, top].map(Number));
    if (Math.abs(Number(value) / Number(modulus)) <= largest) return [...low, top];
  }
}

/** Runs a kernel on limbs that are not carried. */
function checkWideLimbs(
  name: string,
  arity: number,
  formula: Formula,
  { bits, largest, ...expectation }: Expectation & { bits: bigint; largest: number },
): void {
  for (const tested of INSTANCES) {
    const { kernels, memory } = tested;
    const mark = memory.mark();
    const [out, ...inputs] = Array.from({ length: arity + 1 }, () => memory.allocate(CELL_BYTES));
    for (let round = 0; round < 500; round++) {
      const draw = () => drawWideLimbs(expectation.modulus, bits, largest);
      const lanes = inputs.map(() => [draw(), draw()]);
      inputs.forEach((address, n) => {
        writeCellLimbs(memory, address, lanes[n]!);
      });
      const want = [0, 1].map((lane) =>
        formula(lanes.map((limbs) => joinLimbs(limbs[lane]!.map(Number)))),
      );
      kernels[name]!(out!, ...inputs);
      const message = `${tested.variant} ${name}: ${lanes.join(' ')}`;
      assertCell(tested, out!, want as [bigint, bigint], expectation, message);
    }
    memory.release(mark);
  }
}

const FIELDS = { fp: BASE_FIELD_ORDER, fr: SCALAR_FIELD_ORDER } as const;

for (const [field, modulus] of Object.entries(FIELDS)) {
  const factor = invert(MONTGOMERY, modulus);
  test(`${field}: multiply is a·b/R, at most 0.379·x·y + 0.63`, () => {
    check(`${field}Multiply`, modulus, 2, ([a, b]) => a! * b! * factor, 2.15);
  });

  test(`${field}: multiplySubtract is a·b/R − m, folded`, () => {
    const name = `${field}MultiplySubtract`;
    check(name, modulus, 3, ([a, b, m]) => a! * b! * factor - m!, 0.5001, modulus);
  });

  test(`${field}: factors of sums of two, limbs up to 2^51, need no carry`, () => {
    const range = { modulus, bound: 2.15, limb: HALF_LIMB, bits: 51n, largest: 2 };
    checkWideLimbs(`${field}Multiply`, 2, ([a, b]) => a! * b! * factor, range);
  });
}

test('fp: square, dot and dotSubtract agree with products', () => {
  const modulus = BASE_FIELD_ORDER;
  const factor = invert(MONTGOMERY, modulus);
  const dot: Formula = ([a, b, c, d]) => (a! * b! + c! * d!) * factor;
  check('fpSquare', modulus, 1, ([a]) => a! * a! * factor, 2.15);
  check('fpDot', modulus, 4, dot, 0.5001, modulus);
  check('fpDotSubtract', modulus, 5, (values) => dot(values) - values[4]!, 0.5001, modulus);
  const range = { modulus, bound: 0.5001, limb: HALF_LIMB, bits: 51n, largest: 1.02 };
  checkWideLimbs('fpDot', 4, dot, range);
});

test('fp: normalize keeps the residue and leaves at most half of p, also from limbs up to 2^52', () => {
  check('fpNormalize', BASE_FIELD_ORDER, 1, ([a]) => a!, 0.5001);
  const range = { modulus: BASE_FIELD_ORDER, bound: 0.5001, limb: HALF_LIMB };
  checkWideLimbs('fpNormalize', 1, ([a]) => a!, { ...range, bits: 52n, largest: 3.5 });
});

/** Of limbs that are carried all at once. */
const CARRIED_AT_ONCE = HALF_LIMB + 4n;

const FREQUENCY = 'butterflyInFrequency';

/** Limbs of a and b have so many bits; `largest` is in units of the modulus, as what it bounds. */
const BUTTERFLIES = [
  { name: 'butterflyInTime', bits: 52n, largest: 3.4, bound: 3.4 + 1.28, limb: 5n * HALF_LIMB },
  {
    name: 'butterflyInTimeCarrying',
    bits: 52n,
    largest: 3.4,
    bound: 0.51 + 1.28,
    limb: CARRIED_AT_ONCE + HALF_LIMB,
  },
  { name: FREQUENCY, bits: 51n, largest: 1.3, bound: 0.51, limb: CARRIED_AT_ONCE },
] as const;

test('fr: butterflies are a ± w·b, and a + b with w·(a − b), of limbs not carried', () => {
  const modulus = SCALAR_FIELD_ORDER;
  const factor = invert(MONTGOMERY, modulus);
  const twiddles = operands(modulus).filter((w) => 2n * w <= modulus && -2n * w <= modulus);
  for (const tested of INSTANCES) {
    const { kernels, memory, variant } = tested;
    const [atA, atB, atW] = [0, 1, 2].map(() => memory.allocate(CELL_BYTES)) as Triple;
    for (const { name, bits, largest, bound, limb } of BUTTERFLIES) {
      for (const w of twiddles) {
        const [a, b] = [atA, atB].map((at) => {
          const lanes = [0, 1].map(() => drawWideLimbs(modulus, bits, largest));
          writeCellLimbs(memory, at, lanes);
          const [first, second] = lanes.map((limbs) => joinLimbs(limbs.map(Number)));
          return [first!, second!] as const;
        }) as [Cell, Cell];
        writeCell(memory, atW, [w, -w]);
        kernels[name]!(atA, atB, atW);
        const cell = (formula: Formula): Cell => [
          formula([a[0], b[0], w]),
          formula([a[1], b[1], -w]),
        ];
        const message = `${variant} ${name}: ${w}`;
        const sum = { modulus, bound, limb };
        if (name === FREQUENCY) {
          const product = { modulus, bound: 1.13, limb: HALF_LIMB };
          assertCell(
            tested,
            atA,
            cell(([x, y]) => x! + y!),
            sum,
            message,
          );
          const want = cell(([x, y, z]) => (x! - y!) * z! * factor);
          assertCell(tested, atB, want, product, message);
        } else {
          assertCell(
            tested,
            atA,
            cell(([x, y, z]) => x! + y! * z! * factor),
            sum,
            message,
          );
          assertCell(
            tested,
            atB,
            cell(([x, y, z]) => x! - y! * z! * factor),
            sum,
            message,
          );
        }
      }
    }
  }
});

test('fp: inverses times the element are 1, for edge values of both signs but 0', () => {
  const powers = Array.from({ length: 254 }, (_, bits) => 1n << BigInt(bits));
  const values = [...operands(BASE_FIELD_ORDER), ...powers, ...powers.map((power) => -power)]
    .concat(powers.map((power) => BASE_FIELD_ORDER - power))
    .filter((value) => value % BASE_FIELD_ORDER !== 0n);
  for (const { kernels, memory, variant } of INSTANCES) {
    const element = memory.allocate(40);
    for (const value of values) {
      writeInteger(memory, element, value);
      kernels.invertLimbs!(element, 8);
      const got = readInteger(memory, element);
      assert.equal(reduce(got * value, BASE_FIELD_ORDER), 1n, `${variant}: ${value}`);
      assert.ok(Math.abs(Number(got) / Number(BASE_FIELD_ORDER)) <= 2, `${variant}: range`);
    }
  }
});
