/** Points between files and kernels, and as ceremonies hash them, in both variants and groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BASE_FIELD_ORDER,
  FIELD_BYTES,
  readFieldBytes,
  SCALAR_FIELD_ORDER,
  writeFieldBytes,
} from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { GroupName } from '../curve/point-group.ts';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import type { PtauFile } from '../formats/ptau-file.ts';
import { readPoint } from '../testing/kernel-values.ts';
import { testedVariants, withKernelSpace } from '../testing/kernel-variants.ts';
import { encodeSlow } from '../testing/multiply-in-kernels.ts';
import {
  multiplySlow,
  negateSlow,
  SLOW_GENERATORS,
  type SlowPoint,
} from '../testing/slow-points.ts';
import { allocateExport, exportPoints } from './export-points.ts';
import { allocateImport, importPoints } from './ptau-points.ts';

const random = seededRandom(announceSeed());
const P = BASE_FIELD_ORDER;
const VARIANTS = await testedVariants();

/** An odd number of points. */
function drawPoints(group: GroupName): readonly SlowPoint[] {
  const drawn = Array.from({ length: 8 }, () =>
    multiplySlow(SLOW_GENERATORS[group], random.bigint(SCALAR_FIELD_ORDER - 1n) + 1n),
  );
  return [SLOW_GENERATORS[group], ...drawn, ...drawn.map(negateSlow)];
}

const POINTS = { g1: drawPoints('g1'), g2: drawPoints('g2') };

function fileOf(bytes: Uint8Array): PtauFile {
  const read = async (_: number, at: number, length: number) => bytes.subarray(at, at + length);
  return { power: 1, prepared: true, read, readBeyond: read };
}

/** Reads points of bytes as of a section of a file; their address. */
async function importBytes(space: KernelSpace, group: GroupName, bytes: Uint8Array) {
  const count = bytes.length / POINT_BYTES[group];
  const points = space.memory.allocate(count * POINT_MEMORY_BYTES[group]);
  const range = { section: 2, group, first: 0, count };
  const mark = space.memory.mark();
  const regions = allocateImport(space.memory);
  try {
    await importPoints(space, regions, fileOf(bytes), range, points);
  } finally {
    space.memory.retract(mark, mark);
  }
  return points;
}

async function exportBytes(space: KernelSpace, group: GroupName, points: number, count: number) {
  const regions = allocateExport(space.memory);
  for await (const piece of exportPoints(space, regions, group, points, count)) return piece;
  throw new Error('there is a piece');
}

/** Coordinates plain and big endian, of F_p² the part that u multiplies first. */
function hashedSlow(group: GroupName, points: readonly SlowPoint[]): Buffer {
  const coordinates = points.flatMap((point) => {
    const [x, y] = point === null ? [ZERO, ZERO] : [point.x, point.y];
    return group === 'g1' ? [x.c0, y.c0] : [x.c1, x.c0, y.c1, y.c0];
  });
  const hex = coordinates.map((value) => value.toString(16).padStart(2 * FIELD_BYTES, '0'));
  return Buffer.from(hex.join(''), 'hex');
}

const ZERO = { c0: 0n, c1: 0n };

/** Writes an integer of 32 bytes over a coordinate. */
function spoilt(bytes: Uint8Array, at: number, value: bigint): Uint8Array {
  const copy = bytes.slice();
  writeFieldBytes(new DataView(copy.buffer), at, value);
  return copy;
}

for (const variant of VARIANTS) {
  for (const group of ['g1', 'g2'] as const) {
    test(`${variant}, ${group}: points of a file come as they are, and go as they came`, () =>
      withKernelSpace(variant, 3, async (space) => {
        const points = POINTS[group];
        const bytes = encodeSlow(group, points);
        const address = await importBytes(space, group, bytes);
        const size = POINT_MEMORY_BYTES[group];
        const got = points.map((_, i) => readPoint(space.memory, group, address + i * size));
        assert.deepEqual(got, points);
        const { encoded, hashed } = await exportBytes(space, group, address, points.length);
        assert.equal(Buffer.compare(encoded, bytes), 0);
        assert.equal(Buffer.compare(hashed, hashedSlow(group, points)), 0);
      }));

    test(`${variant}, ${group}: infinity is written as zeros, and read from no file`, () =>
      withKernelSpace(variant, 1, async (space) => {
        const points = space.memory.allocate(POINT_MEMORY_BYTES[group]);
        await space.run([[[`${group}ClearBuckets`, points, 1]]]);
        const { encoded, hashed } = await exportBytes(space, group, points, 1);
        assert.ok([...encoded, ...hashed].every((byte) => byte === 0));
        await assert.rejects(importBytes(space, group, encoded), { code: 'CORE_FORMAT_VALUE' });
      }));

    test(`${variant}, ${group}: a coordinate changed by one, or not below p, is refused`, () =>
      withKernelSpace(variant, 2, async (space) => {
        const bytes = encodeSlow(group, POINTS[group]);
        const view = new DataView(bytes.buffer);
        for (let at = 0; at < bytes.length; at += FIELD_BYTES * random.int(3, 9)) {
          const stored = readFieldBytes(view, at);
          for (const value of [(stored + 1n) % P, stored + P, P, 2n ** 256n - 1n]) {
            const changed = importBytes(space, group, spoilt(bytes, at, value));
            await assert.rejects(changed, { code: 'CORE_FORMAT_VALUE' });
          }
        }
      }));

    test(`${variant}, ${group}: the error names the faulty point`, () =>
      withKernelSpace(variant, 2, async (space) => {
        const bytes = encodeSlow(group, POINTS[group]);
        for (const faulty of [0, 1, 6, 7, POINTS[group].length - 1]) {
          const changed = spoilt(bytes, faulty * POINT_BYTES[group], 5n);
          const message = new RegExp(`point ${faulty} of section 2`);
          await assert.rejects(importBytes(space, group, changed), message);
        }
      }));
  }
}
