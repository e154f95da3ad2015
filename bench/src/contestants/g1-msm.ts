/** Who computes Σ k_i·P_i in G1 for uniformly random k_i: all cores. */
import {
  type Bases,
  createKernelPool,
  digitOffset,
  finishSums,
  type KernelSpace,
  multiplyBases,
  type PendingSum,
  planUniform,
  sortTerms,
} from '@zkinfer/prover/bench';
import type { ContestantDefinition } from '../case.ts';
import { buildCurve } from '../ffjavascript.ts';
import { randomScalars } from '../inputs/random-scalars.ts';
import { powerOf } from '../inputs/sizes.ts';
import { affineAt, decodePoints, readPoints } from './g1-points.ts';

const SEED = 3;

/** Scalars as the kernels sort them: 5 words of 64 bits. */
const RECORD_BYTES = 40;
const SCALAR_BYTES = 32;

/** Our buckets of affine points, from scalars in normal form to the sum. */
export const ourG1Msm: ContestantDefinition = {
  name: 'zkinfer',
  isOurs: true,
  async open({ points }, row) {
    const pool = await createKernelPool();
    const space = pool.openSpace();
    const { memory } = space;
    const count = 2 ** powerOf(row);
    const bases = await decodePoints(space, await readPoints(`${points}`, count));
    const scalars = memory.allocate(count * SCALAR_BYTES);
    memory.bytes(scalars, count * SCALAR_BYTES).set(randomScalars(count, SEED));
    const mark = memory.mark();
    let sum: PendingSum;
    return {
      reset: () => memory.release(mark),
      async run() {
        sum = await multiply(space, bases, scalars, count);
      },
      outcome: () => affineAt(space, sum.result).join(', '),
      close: () => pool.close(),
    };
  },
};

async function multiply(
  space: KernelSpace,
  bases: Bases,
  scalars: number,
  count: number,
): Promise<PendingSum> {
  const { memory } = space;
  const plan = planUniform(count);
  const numbers = memory.allocate(4 * count);
  const records = memory.allocate(RECORD_BYTES * count + 8);
  const offset = memory.allocate(RECORD_BYTES);
  const offsetValue = digitOffset(plan);
  memory.longs(offset, 5).forEach((_, i, words) => {
    words[i] = BigInt.asIntN(64, offsetValue >> BigInt(64 * i));
  });
  // No scalar has 0 bits or fewer: all go to the wide list.
  await space.run([[['splitScalars', scalars, count, 0, 0n, 0, 0, offset, numbers, records]]]);
  const list = { plan, count, records, recordBytes: RECORD_BYTES, numbers };
  const { sorted, tasks } = sortTerms(space, list);
  await space.run(tasks);
  const sum = multiplyBases(space, sorted, bases);
  await finishSums(space, [sum]);
  return sum;
}

/** ffjavascript on the kernels of wasmcurves. */
export const ffjavascriptG1Msm: ContestantDefinition = {
  name: 'ffjavascript',
  isOurs: false,
  async open({ points }, row) {
    const curve = await buildCurve({ singleThread: false });
    const count = 2 ** powerOf(row);
    const bases = await readPoints(`${points}`, count);
    const scalars = randomScalars(count, SEED);
    let sum: Uint8Array;
    return {
      async run() {
        sum = await curve.G1.multiExpAffine(bases, scalars);
      },
      outcome: () => curve.G1.toObject(curve.G1.toAffine(sum)).slice(0, 2).join(', '),
      close: () => curve.terminate(),
    };
  },
};
