/**
 * What the hash of a circuit covers of H: (τ^(i+n) − τ^i)·G for the domain's size n, from the
 * powers themselves.
 */
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { splitRange } from '../engine/wasm/split-range.ts';
import { PTAU_SECTION, type PtauFile } from '../formats/ptau-file.ts';
import type { CircuitHash } from './circuit-hash.ts';
import { type ExportRegions, exportPoints } from './export-points.ts';
import { type ImportRegions, importPoints, PIECE_POINTS } from './ptau-points.ts';
import { uncheckedDifference } from './unchecked-difference.ts';

/** Above this many points snarkjs hashes one more than there are. */
const EXACT_POINTS = 2 ** 14;

/**
 * An addition of a list: 32-bit addresses of operands and result; the lowest bit of an operand
 * negates it.
 */
const ENTRY_WORDS = 3;

const POINTS = PIECE_POINTS * POINT_MEMORY_BYTES.g1;

/** Bytes of memory taken meanwhile, at most; lists have room for a padding entry each. */
export const POWER_DIFFERENCE_BYTES = 2 * POINTS + 4 * ENTRY_WORDS * (PIECE_POINTS + 2) + 192;

/** Where and from what. */
export interface PowerDifferenceInput {
  readonly space: KernelSpace;
  readonly imports: ImportRegions;
  readonly exports: ExportRegions;
  readonly ptau: PtauFile;
  readonly signal: AbortSignal | undefined;
}

/**
 * Hashes n − 1 as the number of points, then that many; snarkjs, which `zkey verify` compares with,
 * takes n of them if n is above 2^14. In a file of just the domain's power the last of them is not
 * there, and it takes the bytes of the section behind for it.
 * @throws as `importPoints`; the signal's reason when aborted
 */
export async function hashPowerDifferences(
  input: PowerDifferenceInput,
  log2Size: number,
  hash: CircuitHash,
): Promise<void> {
  const size = 2 ** log2Size;
  const { memory } = input.space;
  hash.count(size - 1);
  const mark = memory.mark();
  const regions = {
    high: memory.allocate(POINTS),
    low: memory.allocate(POINTS),
    list: memory.allocate(4 * ENTRY_WORDS * (PIECE_POINTS + 2)),
  };
  for (let first = 0; first < size - 1; first += PIECE_POINTS) {
    input.signal?.throwIfAborted();
    await hashPiece(input, regions, size, first, Math.min(PIECE_POINTS, size - 1 - first), hash);
  }
  memory.retract(mark, mark);
  if (size > EXACT_POINTS) hash.point(await lastDifference(input.ptau, size));
}

async function hashPiece(
  { space, imports, exports, ptau }: PowerDifferenceInput,
  { high, low, list }: { readonly high: number; readonly low: number; readonly list: number },
  size: number,
  first: number,
  count: number,
  hash: CircuitHash,
): Promise<void> {
  const range = { section: PTAU_SECTION.tauG1, group: 'g1', count } as const;
  await importPoints(space, imports, ptau, { ...range, first: first + size }, high);
  await importPoints(space, imports, ptau, { ...range, first }, low);
  const entries = space.memory.words(list, ENTRY_WORDS * count);
  const bytes = POINT_MEMORY_BYTES.g1;
  for (let i = 0; i < count; i++) {
    entries.set([high + bytes * i, low + bytes * i + 1, high + bytes * i], ENTRY_WORDS * i);
  }
  await space.run(
    splitRange(count, 4 * space.threads, 2).map(
      ([from, to]): KernelTask => [['g1AddAll', list + 4 * ENTRY_WORDS * from, to - from]],
    ),
  );
  for await (const { hashed } of exportPoints(space, exports, 'g1', high, count))
    hash.bytes(hashed);
}

/** The difference for i = n − 1, of whatever bytes are there. */
async function lastDifference(ptau: PtauFile, size: number): Promise<Uint8Array> {
  const at = (index: number) =>
    ptau.readBeyond(PTAU_SECTION.tauG1, index * POINT_BYTES.g1, POINT_BYTES.g1);
  return uncheckedDifference(await at(2 * size - 1), await at(size - 1));
}
