/** Points of powers-of-tau files as kernels hold them, read piece by piece and checked. */
import { formatError } from '@zkinfer/core';
import { CURVE_CONSTANT } from '../curve/curve-constant.ts';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import { ELEMENT_BYTES, writeCoordinate } from '../engine/wasm/field-limbs.ts';
import type { KernelMemory } from '../engine/wasm/kernel-memory.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { type KernelGroup, POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { splitRange } from '../engine/wasm/split-range.ts';
import { PTAU, type PtauFile } from '../formats/ptau-file.ts';

/** Points that are read at a time. */
export const PIECE_POINTS = 1 << 15;

/** Regions that pieces pass through. */
export interface ImportRegions {
  readonly raw: number;
  readonly fault: number;
  readonly constants: Readonly<Record<KernelGroup, number>>;
}

/** Bytes that `allocateImport` takes, at most. */
export const IMPORT_BYTES = PIECE_POINTS * POINT_BYTES.g2 + 3 * ELEMENT_BYTES + 512;

export function allocateImport(memory: KernelMemory): ImportRegions {
  const writeConstant = (group: KernelGroup) => writeCoordinate(memory, CURVE_CONSTANT[group]);
  return {
    raw: memory.allocate(PIECE_POINTS * POINT_BYTES.g2),
    fault: memory.allocate(4),
    constants: { g1: writeConstant('g1'), g2: writeConstant('g2') },
  };
}

/** Which points of a section: from number `first` on. */
export interface PointRange {
  readonly section: number;
  readonly group: KernelGroup;
  readonly first: number;
  readonly count: number;
}

/**
 * Reads points of a section into memory, one behind the other.
 * @throws as `importPieces`
 */
export async function importPoints(
  space: KernelSpace,
  regions: ImportRegions,
  ptau: PtauFile,
  range: PointRange,
  to: number,
): Promise<void> {
  const target = (done: number) => to + done * POINT_MEMORY_BYTES[range.group];
  for await (const _ of importPieces(space, regions, ptau, range, target));
}

/**
 * Reads points of a section piece by piece; the pieces' bytes. A piece goes to `target`, given how
 * many points came before it.
 * @throws InputError CORE_FORMAT_SECTION, CORE_FORMAT_COUNT; CORE_FORMAT_VALUE for a point that is
 *   not one of the curve
 */
export async function* importPieces(
  space: KernelSpace,
  regions: ImportRegions,
  ptau: PtauFile,
  { section, group, first, count }: PointRange,
  target: (done: number) => number,
): AsyncGenerator<Uint8Array> {
  const bytes = POINT_BYTES[group];
  for (let done = 0; done < count; done += PIECE_POINTS) {
    const length = Math.min(PIECE_POINTS, count - done);
    const piece = await ptau.read(section, (first + done) * bytes, length * bytes);
    const fault = await importPiece(space, regions, group, piece, target(done));
    if (fault !== undefined) {
      const where = `point ${first + done + fault} of section ${section}`;
      throw formatError('VALUE', PTAU.name, `${where} is not on the curve`);
    }
    yield piece;
  }
}

/** The number of a faulty point, if there is one. */
async function importPiece(
  space: KernelSpace,
  { raw, fault, constants }: ImportRegions,
  group: KernelGroup,
  piece: Uint8Array,
  to: number,
): Promise<number | undefined> {
  const { memory, threads } = space;
  const count = piece.length / POINT_BYTES[group];
  memory.bytes(raw, piece.length).set(piece);
  memory.words(fault, 1)[0] = 0;
  await space.run(
    splitRange(count, 4 * threads, 2).map(
      ([from, end]): KernelTask => [
        [`${group}ImportPoints`, raw, to, from, end, constants[group], fault],
      ],
    ),
  );
  const found = memory.words(fault, 1)[0]!;
  return found === 0 ? undefined : found - 1;
}
