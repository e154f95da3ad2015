import { FIELD_BYTES } from '@zkinfer/core';
import { bestWindowBits, RECODED_BITS } from '../curve/fixed-base-table.ts';
import { encodePoint, G1_ENCODING, G2_ENCODING, POINT_BYTES } from '../curve/point-encoding.ts';
import { G1, G2, type GroupName } from '../curve/point-group.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import type { KernelPool, KernelSpace } from '../engine/wasm/kernel-pool.ts';
import { POINT_MEMORY_BYTES } from '../engine/wasm/multi-scalar.ts';
import { splitRange } from '../engine/wasm/split-range.ts';
import type { FixedBasePool } from './fixed-base-pool.ts';

/** Scalars that are multiplied at a time: two batches for each of many threads. */
const PIECE_SCALARS = 1 << 15;

/** Additions in the kernel share an inversion by so many. */
const BATCH_SCALARS = 1024;

/** A generator's multiples in the kernels' memory: see `kernels/assembly/fixed-base.ts`. */
interface KernelTable {
  readonly address: number;
  readonly bits: number;
  readonly windows: number;
}

/** Multiplies by WebAssembly kernels on all threads of a pool, which it closes. */
export class KernelFixedBasePool implements FixedBasePool {
  readonly #pool: KernelPool;
  readonly #space: KernelSpace;
  readonly #bits: number;
  readonly #scalars: number;
  readonly #points: number;
  readonly #encoded: number;
  readonly #tables: Partial<Record<GroupName, KernelTable>> = {};

  /**
   * @param scalarCount about so many multiplications will be asked for
   * @throws EnvironmentError PROVER_MEMORY_EXHAUSTED
   */
  constructor(pool: KernelPool, scalarCount: number) {
    this.#pool = pool;
    this.#space = pool.openSpace();
    this.#bits = bestWindowBits(scalarCount);
    const { memory } = this.#space;
    this.#scalars = memory.allocate(PIECE_SCALARS * FIELD_BYTES);
    this.#points = memory.allocate(PIECE_SCALARS * POINT_MEMORY_BYTES.g2);
    this.#encoded = memory.allocate(PIECE_SCALARS * POINT_BYTES.g2);
  }

  async *multiply(group: GroupName, scalars: Uint8Array, signal?: AbortSignal) {
    const table = await this.#table(group);
    const pieceBytes = PIECE_SCALARS * FIELD_BYTES;
    for (let at = 0; at < scalars.length; at += pieceBytes) {
      signal?.throwIfAborted();
      yield await this.#multiplyPiece(group, table, scalars.subarray(at, at + pieceBytes));
    }
  }

  async close() {
    this.#space.memory.bytes(this.#scalars, PIECE_SCALARS * FIELD_BYTES).fill(0);
    await this.#pool.close();
  }

  async #multiplyPiece(
    group: GroupName,
    { address, bits, windows }: KernelTable,
    scalars: Uint8Array,
  ): Promise<Uint8Array> {
    const { memory, threads } = this.#space;
    const count = scalars.length / FIELD_BYTES;
    memory.bytes(this.#scalars, scalars.length).set(scalars);
    const parts = Math.max(4 * threads, Math.ceil(count / BATCH_SCALARS));
    const points = this.#points;
    await this.#space.run(
      splitRange(count, parts).map(
        ([from, to]): KernelTask => [
          [`${group}MultiplyFixed`, address, bits, windows, this.#scalars, points, from, to],
          [`${group}ExportPoints`, points, from, to, this.#encoded],
        ],
      ),
    );
    return memory.bytes(this.#encoded, count * POINT_BYTES[group]).slice();
  }

  async #table(group: GroupName): Promise<KernelTable> {
    const known = this.#tables[group];
    if (known !== undefined) return known;
    const table = await this.#buildTable(group);
    this.#tables[group] = table;
    return table;
  }

  async #buildTable(group: GroupName): Promise<KernelTable> {
    const { memory } = this.#space;
    const bits = this.#bits;
    const windows = Math.ceil(RECODED_BITS / bits);
    const windowBytes = 2 ** (bits - 1) * POINT_MEMORY_BYTES[group];
    const address = memory.allocate(windows * windowBytes);
    const generator =
      group === 'g1'
        ? encodePoint(G1_ENCODING, G1.generator)
        : encodePoint(G2_ENCODING, G2.generator);
    memory.bytes(this.#encoded, generator.length).set(generator);
    const index = this.#scalars;
    memory.words(index, 1)[0] = 0;
    await this.#space.run([
      [
        [`${group}DecodePoints`, this.#encoded, index, address, 0, 1],
        [`${group}StartTable`, address, bits, windows],
      ],
    ]);
    await this.#space.run(
      splitRange(windows, windows).map(
        ([w]): KernelTask => [[`${group}FillWindow`, address + w * windowBytes, bits]],
      ),
    );
    return { address, bits, windows };
  }
}
