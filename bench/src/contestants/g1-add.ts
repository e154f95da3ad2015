/** Who adds pairs of points of G1: one thread. */
import { createHash } from 'node:crypto';
import { createKernelPool, POINT_MEMORY_BYTES } from '@zkinfer/prover/bench';
import type { ContestantDefinition } from '../case.ts';
import { buildCurve } from '../ffjavascript.ts';
import { affineAt, decodePoints, readPoints } from './g1-points.ts';

/** Pairs; their operands and sums fit the second-level cache. */
export const PAIRS = 2048;
const PASSES = 32;

/** An addition of a list is three addresses of 32 bits: operands and sum. */
const ENTRY_WORDS = 3;

/** Our kernel: affine points, one inversion for a batch. */
export const ourG1Add: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ points }) {
    const pool = await createKernelPool(1);
    const space = pool.openSpace();
    const { memory } = space;
    const bytes = POINT_MEMORY_BYTES.g1;
    const bases = await decodePoints(space, await readPoints(`${points}`, 2 * PAIRS));
    const sums = memory.allocate(PAIRS * bytes);
    // The kernel takes room for one entry behind the list.
    const list = memory.allocate(4 * ENTRY_WORDS * (PAIRS + 1));
    const words = memory.words(list, ENTRY_WORDS * PAIRS);
    for (let i = 0; i < PAIRS; i++) {
      const [p, q] = [bases.points + bytes * i, bases.points + bytes * (PAIRS + i)];
      words.set([p, q, sums + bytes * i], ENTRY_WORDS * i);
    }
    const task = Array.from({ length: PASSES }, () => ['g1AddAll', list, PAIRS] as const);
    return {
      operations: PAIRS * PASSES,
      run: () => space.run([task]),
      outcome: () =>
        digest(Array.from({ length: PAIRS }, (_, i) => affineAt(space, sums + bytes * i))),
      close: () => pool.close(),
    };
  },
};

/** wasmcurves: an affine point to one in Jacobian coordinates, as its buckets do. */
export const wasmcurvesG1Add: ContestantDefinition = {
  name: 'wasmcurves',
  isOurs: false,
  async open({ points }) {
    const curve = await buildCurve({ singleThread: true });
    const { exports } = curve.tm.instance;
    const bytes = await readPoints(`${points}`, 2 * PAIRS);
    const [affine, jacobian, sums] = [64, 96, 96].map((size) => curve.tm.alloc(size * 2 * PAIRS));
    const memory = () => new Uint8Array(curve.tm.memory.buffer);
    memory().set(bytes, affine);
    exports.g1m_batchToJacobian!(affine!, PAIRS, jacobian!);
    const others = affine! + 64 * PAIRS;
    const add = exports.g1m_addMixed!;
    return {
      operations: PAIRS * PASSES,
      run() {
        for (let pass = 0; pass < PASSES; pass++) {
          for (let i = 0; i < PAIRS; i++) add(jacobian! + 96 * i, others + 64 * i, sums! + 96 * i);
        }
      },
      outcome() {
        const all = memory().slice(sums!, sums! + 96 * PAIRS);
        const at = (i: number) => curve.G1.toAffine(all.slice(96 * i, 96 * (i + 1)));
        return digest(
          Array.from({ length: PAIRS }, (_, i) => curve.G1.toObject(at(i)).slice(0, 2)),
        );
      },
      close: () => curve.terminate(),
    };
  },
};

function digest(points: readonly (readonly bigint[])[]): string {
  return createHash('sha256').update(points.join(';')).digest('hex');
}
