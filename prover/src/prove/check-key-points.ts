import { availableParallelism } from 'node:os';
import { formatError, type Progress, SILENT_PROGRESS } from '@zkinfer/core';
import { CURVE_CONSTANT } from '../curve/curve-constant.ts';
import { POINT_BYTES } from '../curve/point-encoding.ts';
import type { GroupName } from '../curve/point-group.ts';
import { writeCoordinate } from '../engine/wasm/field-limbs.ts';
import type { KernelTask } from '../engine/wasm/kernel-message.ts';
import { createKernelPool } from '../engine/wasm/kernel-pool.ts';
import { createLocalSpace, type LocalSpace } from '../engine/wasm/local-space.ts';
import { splitRange } from '../engine/wasm/split-range.ts';
import { type ProvingKeyFile, ZKEY, ZKEY_SECTION } from '../formats/zkey-file.ts';

/** How points are checked. */
export interface PointCheckOptions {
  /** Default: as many as the machine runs in parallel, and the points are worth. */
  readonly threads?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** Points that are worth a thread; fewer are checked in the calling one. */
const POINTS_PER_THREAD = 2 ** 14;

/** Bytes that go to the threads at a time. */
const PIECE_BYTES = 2 ** 23;

/** Points of a key behind each other. */
interface KeyPoints {
  readonly name: string;
  readonly group: GroupName;
  readonly bytes: Uint8Array;
  readonly mayBeInfinite: boolean;
}

/**
 * Checks that all points of a key have coordinates below p and lie on their curves, and that none is infinity but those of
 * wires, which no row may name. Every point of the curve over F_p is one of G1. Whether points over F_p² are of G2 is not
 * asked: a proof with one that is not fails its verification, without which no proof is handed out.
 * @throws InputError CORE_FORMAT_VALUE for a point that is none; EnvironmentError PROVER_KERNELS_UNUSABLE,
 *   PROVER_MEMORY_EXHAUSTED, PROVER_WORKER_FAILED; the signal's reason when aborted
 */
export async function checkKeyPoints(
  file: ProvingKeyFile,
  { threads = availableParallelism(), progress = SILENT_PROGRESS, signal }: PointCheckOptions = {},
): Promise<void> {
  const lists = pointsOf(file);
  const total = lists.reduce((sum, { group, bytes }) => sum + bytes.length / POINT_BYTES[group], 0);
  progress.stage('check the key', total);
  const run = async (space: LocalSpace) => {
    const check = new PointCheck(space);
    let done = 0;
    for (const list of lists) {
      for await (const count of check.run(list, signal)) {
        done += count;
        progress.advance(done);
      }
    }
  };
  if (total < POINTS_PER_THREAD) return run(await createLocalSpace());
  const pool = await createKernelPool(Math.min(threads, Math.ceil(total / POINTS_PER_THREAD)));
  try {
    await run(pool.openSpace());
  } finally {
    await pool.close();
  }
}

function pointsOf({ header, container }: ProvingKeyFile): KeyPoints[] {
  const { alpha1, beta1, delta1, beta2, gamma2, delta2 } = header;
  const single = (name: string, group: GroupName, bytes: Uint8Array): KeyPoints => ({
    name,
    group,
    bytes,
    mayBeInfinite: false,
  });
  const ofWires = (name: string, group: GroupName, section: number): KeyPoints => ({
    name,
    group,
    bytes: container.section(section, name),
    mayBeInfinite: true,
  });
  return [
    single('alpha in G1', 'g1', alpha1),
    single('beta in G1', 'g1', beta1),
    single('delta in G1', 'g1', delta1),
    single('beta in G2', 'g2', beta2),
    single('gamma in G2', 'g2', gamma2),
    single('delta in G2', 'g2', delta2),
    ofWires('IC', 'g1', ZKEY_SECTION.inputs),
    ofWires('A', 'g1', ZKEY_SECTION.a),
    ofWires('B1', 'g1', ZKEY_SECTION.b1),
    ofWires('B2', 'g2', ZKEY_SECTION.b2),
    ofWires('C', 'g1', ZKEY_SECTION.c),
    { ...ofWires('H', 'g1', ZKEY_SECTION.h), mayBeInfinite: false },
  ];
}

class PointCheck {
  readonly #space: LocalSpace;
  readonly #parts: number;
  readonly #raw: number;
  /** One word for each task. */
  readonly #faults: number;
  /** 8·b of each curve. */
  readonly #constants: Readonly<Record<GroupName, number>>;

  constructor(space: LocalSpace) {
    const { memory, threads } = space;
    this.#space = space;
    this.#parts = 4 * threads;
    this.#raw = memory.allocate(PIECE_BYTES);
    this.#faults = memory.allocate(4 * this.#parts);
    const constant = (group: GroupName) =>
      writeCoordinate(
        memory,
        CURVE_CONSTANT[group].map((b) => 8n * b),
      );
    this.#constants = { g1: constant('g1'), g2: constant('g2') };
  }

  /** Yields how many more points are checked. */
  async *run(points: KeyPoints, signal: AbortSignal | undefined): AsyncGenerator<number> {
    const { name, group, bytes } = points;
    const pointBytes = POINT_BYTES[group];
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      const fault = await this.#checkPiece(piece, points, signal);
      if (fault !== undefined) {
        const number = at / pointBytes + fault;
        throw formatError('VALUE', ZKEY.name, `point ${number} of ${name} is not on the curve`);
      }
      yield piece.length / pointBytes;
    }
  }

  /** The number of the first point that is none. */
  async #checkPiece(
    piece: Uint8Array,
    { group, mayBeInfinite }: KeyPoints,
    signal: AbortSignal | undefined,
  ): Promise<number | undefined> {
    const { memory } = this.#space;
    memory.bytes(this.#raw, piece.length).set(piece);
    const faults = memory.words(this.#faults, this.#parts).fill(0);
    const ranges = splitRange(piece.length / POINT_BYTES[group], this.#parts, 2);
    const infinity = mayBeInfinite ? 1 : 0;
    const constant = this.#constants[group];
    await this.#space.run(
      ranges.map(([from, to], i): KernelTask => {
        const fault = this.#faults + 4 * i;
        return [[`${group}CheckPoints`, this.#raw, from, to, constant, infinity, fault]];
      }),
      signal,
    );
    const fault = faults.find((word) => word !== 0);
    return fault === undefined ? undefined : fault - 1;
  }
}
