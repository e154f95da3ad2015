/** Points of kernels as bytes, piece by piece: as files hold them, and as ceremonies hash them. */
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { KernelMemory } from '../engine/wasm/kernel-memory.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { type KernelGroup, POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { splitRange } from '../engine/wasm/split-range.ts';

/** Points that are converted at a time. */
const PIECE_POINTS = 1 << 15;

/** Regions that pieces pass through. */
export interface ExportRegions {
  readonly encoded: number;
  readonly hashed: number;
}

/** Bytes that `allocateExport` takes, at most. */
export const EXPORT_BYTES = 2 * PIECE_POINTS * POINT_BYTES.g2 + 128;

export function allocateExport(memory: KernelMemory): ExportRegions {
  return {
    encoded: memory.allocate(PIECE_POINTS * POINT_BYTES.g2),
    hashed: memory.allocate(PIECE_POINTS * POINT_BYTES.g2),
  };
}

/** The same points twice. */
export interface ExportedPoints {
  readonly encoded: Uint8Array;
  readonly hashed: Uint8Array;
}

/** Converts points that lie behind each other, in order. */
export async function* exportPoints(
  { memory, threads, run }: KernelSpace,
  { encoded, hashed }: ExportRegions,
  group: KernelGroup,
  points: number,
  count: number,
): AsyncGenerator<ExportedPoints> {
  for (let done = 0; done < count; done += PIECE_POINTS) {
    const length = Math.min(PIECE_POINTS, count - done);
    const first = points + done * POINT_MEMORY_BYTES[group];
    await run(
      splitRange(length, 4 * threads).map(
        ([from, to]): KernelTask => [
          [`${group}ExportPoints`, first, from, to, encoded],
          [`${group}ExportHashed`, first, from, to, hashed],
        ],
      ),
    );
    const bytes = length * POINT_BYTES[group];
    yield {
      encoded: memory.bytes(encoded, bytes).slice(),
      hashed: memory.bytes(hashed, bytes).slice(),
    };
  }
}
