/** Points of the inputs in the memory of our kernels. */
import { readFile } from 'node:fs/promises';
import { BASE_FIELD_ORDER } from '@zkinfer/core';
import {
  type Bases,
  ELEMENT_BYTES,
  type KernelSpace,
  type KernelTask,
  POINT_MEMORY_BYTES,
  splitRange,
} from '@zkinfer/prover/bench';
import { G1_FILE_BYTES } from '../inputs/curve-points.ts';
import { ElementReader } from './kernel-values.ts';

/** The first points of a file of `curvePointsFile`. */
export async function readPoints(path: string, count: number): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return new Uint8Array(bytes.subarray(0, count * G1_FILE_BYTES));
}

/** Decodes points of a file, none of which is infinity. */
export async function decodePoints(space: KernelSpace, points: Uint8Array): Promise<Bases> {
  const { memory } = space;
  const count = points.length / G1_FILE_BYTES;
  const bases: Bases = {
    group: 'g1',
    points: memory.allocate(count * POINT_MEMORY_BYTES.g1),
    index: memory.allocate(4 * count),
  };
  memory.words(bases.index, count).forEach((_, i, index) => {
    index[i] = i;
  });
  const raw = memory.allocate(points.length);
  memory.bytes(raw, points.length).set(points);
  await space.run(
    splitRange(count, 4 * space.threads).map(
      ([from, to]): KernelTask => [['g1DecodePoints', raw, bases.index, bases.points, from, to]],
    ),
  );
  return bases;
}

const reader = new ElementReader(BASE_FIELD_ORDER);

/** [x, y] of a point that is not infinity. */
export function affineAt({ memory }: KernelSpace, address: number): [bigint, bigint] {
  return [reader.element(memory, address), reader.element(memory, address + ELEMENT_BYTES)];
}
