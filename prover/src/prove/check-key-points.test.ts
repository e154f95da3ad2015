/** Points and coefficients of keys against the rules, one broken at a time. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  BASE_FIELD_ORDER,
  type Progress,
  readFieldBytes,
  SCALAR_FIELD_ORDER,
  writeFieldBytes,
} from '@zkinfer/core';
import {
  announceSeed,
  denseRowSystem,
  seededRandom,
  squareChainSystem,
} from '@zkinfer/core/testing';
import { CURVE_CONSTANT } from '../curve/curve-constant.ts';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import { writeCoordinate } from '../engine/wasm/field-limbs.ts';
import { instantiateKernels } from '../engine/wasm/kernel-instance.ts';
import { bestKernelVariant } from '../engine/wasm/kernel-module.ts';
import {
  COEFFICIENT_BYTES,
  type ProvingKeyFile,
  readProvingKey,
  ZKEY_SECTION,
} from '../formats/zkey-file.ts';
import { developmentKeyInMemory } from '../setup/development-key-in-memory.ts';
import { checkCoefficients } from './check-coefficients.ts';
import { checkKeyPoints } from './check-key-points.ts';
import { provingKeyFromFile } from './load-proving-key.ts';

const random = seededRandom(announceSeed());
const NOT_USABLE = { code: 'CORE_FORMAT_VALUE' };

let good: ProvingKeyFile;
before(async () => {
  good = await developmentKeyInMemory(denseRowSystem(9, 77, 5n).system);
});

/** A copy, changed. */
function changed(change: (copy: ProvingKeyFile) => void): ProvingKeyFile {
  const copy = readProvingKey(good.bytes.slice());
  change(copy);
  return copy;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

type Part = (file: ProvingKeyFile) => Uint8Array;

const section =
  (id: number): Part =>
  ({ container }) =>
    container.section(id, 'points');

/** Where points are, how long each is, and whether it may be infinity. */
const PARTS: Readonly<Record<string, readonly [Part, number, boolean]>> = {
  'alpha in G1': [({ header }) => header.alpha1, POINT_BYTES.g1, false],
  'beta in G1': [({ header }) => header.beta1, POINT_BYTES.g1, false],
  'beta in G2': [({ header }) => header.beta2, POINT_BYTES.g2, false],
  'gamma in G2': [({ header }) => header.gamma2, POINT_BYTES.g2, false],
  'delta in G1': [({ header }) => header.delta1, POINT_BYTES.g1, false],
  'delta in G2': [({ header }) => header.delta2, POINT_BYTES.g2, false],
  IC: [section(ZKEY_SECTION.inputs), POINT_BYTES.g1, true],
  A: [section(ZKEY_SECTION.a), POINT_BYTES.g1, true],
  B1: [section(ZKEY_SECTION.b1), POINT_BYTES.g1, true],
  B2: [section(ZKEY_SECTION.b2), POINT_BYTES.g2, true],
  C: [section(ZKEY_SECTION.c), POINT_BYTES.g1, true],
  H: [section(ZKEY_SECTION.h), POINT_BYTES.g1, false],
};

/** The numbers of points that are not infinity: the first, the last, and one between. */
function places(bytes: Uint8Array, pointBytes: number): number[] {
  const numbers = Array.from({ length: bytes.length / pointBytes }, (_, i) => i).filter((i) =>
    bytes.subarray(i * pointBytes, (i + 1) * pointBytes).some((byte) => byte !== 0),
  );
  return [...new Set([numbers[0]!, random.pick(numbers), numbers.at(-1)!])];
}

test('behavior: a key as it should be, with points at infinity', async () => {
  const unused = section(ZKEY_SECTION.a)(good).subarray(-POINT_BYTES.g1);
  assert.ok(unused.every((byte) => byte === 0));
  await checkKeyPoints(good);
  checkCoefficients(good);
});

test('behavior: a key that is worth threads', async () => {
  const large = await developmentKeyInMemory(squareChainSystem(4000, 3n).system);
  let done = 0;
  let total: number | undefined = 0;
  const progress: Progress = {
    stage(_, count) {
      total = count;
    },
    advance(count) {
      done = count;
    },
  };
  await checkKeyPoints(large, { threads: 2, progress });
  assert.equal(done, total);
  section(ZKEY_SECTION.h)(large).fill(0, -POINT_BYTES.g1);
  await assert.rejects(checkKeyPoints(large, { threads: 2 }), NOT_USABLE);
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(checkKeyPoints(large, { threads: 2, signal }), /enough/);
});

for (const variant of ['fused', 'scalar'] as const) {
  for (const [group, id] of [
    ['g1', ZKEY_SECTION.h],
    ['g2', ZKEY_SECTION.b2],
  ] as const) {
    test(`${variant} kernels name the first point that is none: ${group}`, async () => {
      if (variant === 'fused' && (await bestKernelVariant()) !== variant) return;
      const { kernels, memory } = await instantiateKernels(variant);
      const points = section(id)(good);
      const count = points.length / POINT_BYTES[group];
      const raw = memory.allocate(points.length);
      const fault = memory.allocate(4);
      const b8 = CURVE_CONSTANT[group].map((b) => 8n * b);
      const constant = writeCoordinate(memory, b8);
      for (let bad = 0; bad <= count; bad++) {
        memory.bytes(raw, points.length).set(points);
        if (bad < count) memory.bytes(raw + bad * POINT_BYTES[group], 1)[0]! ^= 1;
        if (bad + 2 < count) memory.bytes(raw + (bad + 2) * POINT_BYTES[group], 1)[0]! ^= 1;
        memory.words(fault, 1)[0] = 0;
        kernels[`${group}CheckPoints`]!(raw, 0, count, constant, 1, fault);
        // A bit changed makes a point of infinity too.
        assert.equal(memory.words(fault, 1)[0], bad < count ? bad + 1 : 0);
      }
    });
  }
}

for (const [name, [part, pointBytes, mayBeInfinite]] of Object.entries(PARTS)) {
  test(`error: ${name}: a bit changed, a coordinate not reduced, infinity`, async () => {
    for (const place of places(part(good), pointBytes)) {
      const flipped = changed((copy) => {
        part(copy)[place * pointBytes + random.int(0, pointBytes - 1)]! ^= 1;
      });
      await assert.rejects(checkKeyPoints(flipped), NOT_USABLE);
      for (let at = 0; at < pointBytes; at += 32) {
        const unreduced = changed((copy) => {
          const view = viewOf(part(copy));
          const value = readFieldBytes(view, place * pointBytes + at) + BASE_FIELD_ORDER;
          writeFieldBytes(view, place * pointBytes + at, value);
        });
        await assert.rejects(checkKeyPoints(unreduced), NOT_USABLE);
      }
      const infinite = changed((copy) => {
        part(copy).fill(0, place * pointBytes, (place + 1) * pointBytes);
      });
      const check = checkKeyPoints(infinite);
      await (mayBeInfinite ? check : assert.rejects(check, NOT_USABLE));
    }
  });
}

/** Changes 32 bits or a value of a coefficient. */
function coefficient(number: number, offset: number, value: number | bigint): ProvingKeyFile {
  return changed((copy) => {
    const view = viewOf(section(ZKEY_SECTION.coefficients)(copy));
    const at = 4 + number * COEFFICIENT_BYTES + offset;
    if (typeof value === 'number') view.setUint32(at, value, true);
    else writeFieldBytes(view, at, value);
  });
}

test('error: coefficients of matrices, rows and wires that do not exist, or not below r', () => {
  const { wires, domainSize } = good.header;
  for (const number of [0, good.coefficientCount - 1]) {
    for (const [offset, allowed, refused] of [
      [0, 1, 2],
      [0, 0, 2 ** 32 - 1],
      [4, domainSize - 1, domainSize],
      [4, 0, 2 ** 32 - 1],
      [8, wires - 1, wires],
      [8, 0, 2 ** 31],
      [12, SCALAR_FIELD_ORDER - 1n, SCALAR_FIELD_ORDER],
      [12, 0n, 2n ** 256n - 1n],
    ] as const) {
      provingKeyFromFile(coefficient(number, offset, allowed));
      assert.throws(() => provingKeyFromFile(coefficient(number, offset, refused)), NOT_USABLE);
    }
  }
});
