/** Multi-scalar multiplications as proofs make them, for tests: bigint in, bigint out. */
import { FIELD_BYTES, reduce } from '@zkinfer/core';
import { encodePoint, G1_ENCODING, G2_ENCODING, POINT_BYTES } from '../curve/point-encoding.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import {
  type Bases,
  finishSums,
  type KernelGroup,
  multiplyBases,
  POINT_MEMORY_BYTES,
  type ScalarList,
  sortTerms,
} from '../engine/wasm/multi-scalar.ts';
import { readG1Sums, readG2Sums } from '../engine/wasm/read-sums.ts';
import { planLists, quotientScalars } from '../engine/wasm/scalar-lists.ts';
import { splitRange } from '../engine/wasm/split-range.ts';
import { scalarBytes } from '../setup/key-scalars.ts';
import { writeValues } from './kernel-values.ts';
import { type SlowPoint, slowPoint } from './slow-points.ts';

/** In an index of points: infinity. */
const NONE = 0xffffffff;

/** Points as files hold them, all groups alike. */
export function encodeSlow(group: KernelGroup, points: readonly SlowPoint[]): Uint8Array {
  const bytes = new Uint8Array(points.length * POINT_BYTES[group]);
  points.forEach((point, i) => {
    const encoded =
      group === 'g1'
        ? encodePoint(G1_ENCODING, point && { x: point.x.c0, y: point.y.c0 })
        : encodePoint(G2_ENCODING, point);
    bytes.set(encoded, i * POINT_BYTES[group]);
  });
  return bytes;
}

/** Bases from points as files hold them. */
export async function basesOf(
  space: KernelSpace,
  group: KernelGroup,
  encoded: Uint8Array,
): Promise<Bases> {
  const { memory } = space;
  const count = encoded.length / POINT_BYTES[group];
  const index = memory.allocate(4 * count);
  const points = memory.allocate(count * POINT_MEMORY_BYTES[group]);
  const raw = memory.allocate(encoded.length);
  memory.bytes(raw, encoded.length).set(encoded);
  let kept = 0;
  memory.words(index, count).forEach((_, i, places) => {
    const point = encoded.subarray(i * POINT_BYTES[group], (i + 1) * POINT_BYTES[group]);
    places[i] = point.some((byte) => byte !== 0) ? kept++ : NONE;
  });
  await space.run(
    splitRange(count, 4 * space.threads).map(
      ([from, to]): KernelTask => [[`${group}DecodePoints`, raw, index, points, from, to]],
    ),
  );
  return { group, points, index };
}

/** Σ scalar_i · base_i, scalars cut into small and wide ones as those of a witness are. */
export async function multiplyWitness(
  space: KernelSpace,
  bases: Bases,
  scalars: readonly bigint[],
): Promise<SlowPoint> {
  return multiplyLists(space, bases, await witnessLists(space, scalars));
}

/** The lists of a witness, filled. */
async function witnessLists(
  space: KernelSpace,
  scalars: readonly bigint[],
): Promise<readonly ScalarList[]> {
  const { memory } = space;
  const bytes = memory.allocate(scalars.length * FIELD_BYTES);
  memory
    .bytes(bytes, scalars.length * FIELD_BYTES)
    .set(scalarBytes(scalars.map((scalar) => reduce(scalar))));
  const histogram = memory.allocate(1024);
  await space.run([[['measureScalars', bytes, scalars.length, histogram]]]);
  const counts = memory.words(histogram, 256);
  const { lists, split } = planLists(memory, bytes, scalars.length, counts);
  await space.run([split]);
  return lists;
}

/** The list of a·b − c, arrays of residues of even length, as the scalars of H are made. */
export async function quotientList(
  space: KernelSpace,
  arrays: Readonly<Record<'a' | 'b' | 'c', readonly bigint[]>>,
): Promise<ScalarList> {
  const count = arrays.a.length;
  const write = (values: readonly bigint[]) => {
    const address = space.memory.allocate(count * 40);
    writeValues(space.memory, address, values);
    return address;
  };
  const [a, b, c] = [write(arrays.a), write(arrays.b), write(arrays.c)];
  return quotientScalars(space, count, { a, b, c });
}

/** Σ over lists of scalar · base. */
export async function multiplyLists(
  space: KernelSpace,
  bases: Bases,
  lists: readonly ScalarList[],
): Promise<SlowPoint> {
  const sorts = lists.map((list) => sortTerms(space, list));
  await space.run(sorts.flatMap(({ tasks }) => tasks));
  const sums = sorts.map(({ sorted }) => multiplyBases(space, sorted, bases));
  await finishSums(space, sums);
  if (bases.group === 'g1') {
    const total = readG1Sums(space.memory, sums);
    return total.is0() ? null : slowPoint(total.toAffine());
  }
  const total = readG2Sums(space.memory, sums);
  return total.is0() ? null : total.toAffine();
}
