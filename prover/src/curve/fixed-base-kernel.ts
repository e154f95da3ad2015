import { FIELD_BYTES, readFieldBytes } from '@zkinfer/core';
import { FixedBaseTable } from './fixed-base-table.ts';
import { G1_ENCODING, G2_ENCODING, type PointEncoding } from './point-encoding.ts';
import { G1, G2, type GroupName, type PointGroup } from './point-group.ts';

/**
 * Multiplies a group's generator by many scalars: 32 bytes little endian each, below r, in; encoded
 * points out, in the same order. The slow twin of `KernelFixedBasePool`, and what takes over where its
 * kernels cannot run.
 */
export type FixedBaseKernel = (group: GroupName, scalars: Uint8Array) => Uint8Array;

/** The kernel in bigint arithmetic. Tables of a group are built when it is first asked for. */
export function createBigintKernel(windowBits: number): FixedBaseKernel {
  const multiplyG1 = lazyMultiplier(G1, G1_ENCODING, windowBits);
  const multiplyG2 = lazyMultiplier(G2, G2_ENCODING, windowBits);
  return (group, scalars) => (group === 'g1' ? multiplyG1(scalars) : multiplyG2(scalars));
}

function lazyMultiplier<T>(
  group: PointGroup<T>,
  encoding: PointEncoding<T>,
  windowBits: number,
): (scalars: Uint8Array) => Uint8Array {
  let table: FixedBaseTable<T> | undefined;
  return (scalars) => {
    table ??= new FixedBaseTable(group, windowBits);
    const points = table.multiply(readScalars(scalars));
    const bytes = new Uint8Array(points.length * encoding.bytes);
    const view = new DataView(bytes.buffer);
    points.forEach((point, i) => {
      encoding.encode(view, i * encoding.bytes, point);
    });
    return bytes;
  };
}

function readScalars(bytes: Uint8Array): bigint[] {
  if (bytes.length % FIELD_BYTES !== 0) {
    throw new RangeError(`scalars: expected 32 bytes each, got ${bytes.length} bytes in all`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / FIELD_BYTES }, (_, i) =>
    readFieldBytes(view, i * FIELD_BYTES),
  );
}
