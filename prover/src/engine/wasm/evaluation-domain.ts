/** The domain of n-th roots of unity and its odd coset, as tables for the kernels of `kernels/assembly/ntt.ts`. */
import { invert, power } from '@zkinfer/core';
import { rootOfUnity } from '../../curve/root-of-unity.ts';
import { ELEMENT_BYTES, writeScalar } from './field-limbs.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { KernelTask } from './kernel-message.ts';
import type { KernelSpace } from './kernel-pool.ts';
import { splitRange } from './split-range.ts';

/** Arrays of n values are n/2 cells of two. */
const CELL_BYTES = 2 * ELEMENT_BYTES;

/** Tables in memory. */
export interface EvaluationDomain {
  readonly log2: number;
  /** Twiddles of the inverse and of the forward transform. */
  readonly inverseTwiddles: number;
  readonly twiddles: number;
  /** g^k/n in bit-reversed order of k, g a primitive 2n-th root: takes coefficients to those on the odd coset. */
  readonly cosetFactors: number;
}

/**
 * Tables of a domain of 2^log2 values, log2 from 1 to 27. Their elements are at most half of r in magnitude, as `ntt.ts` wants.
 */
export async function createEvaluationDomain(
  space: KernelSpace,
  log2: number,
): Promise<EvaluationDomain> {
  const { memory } = space;
  const size = 2 ** log2;
  const twiddles = memory.allocate((size / 2 + 1) * ELEMENT_BYTES);
  const inverseTwiddles = memory.allocate((size / 2 + 1) * ELEMENT_BYTES);
  const cosetFactors = memory.allocate((size + 1) * ELEMENT_BYTES);
  const mark = memory.mark();
  const root = rootOfUnity(log2);
  const coset = rootOfUnity(log2 + 1);
  // Bit k of a bit-reversed index stands for n/2^(k+2) in exponents below n/2, for n/2^(k+1) in those below n.
  await space.run([
    [expansion(memory, twiddles, log2 - 1, 1n, (k) => power(root, BigInt(size / 2 ** (k + 2))))],
    [
      expansion(memory, inverseTwiddles, log2 - 1, 1n, (k) =>
        invert(power(root, BigInt(size / 2 ** (k + 2)))),
      ),
    ],
    [
      expansion(memory, cosetFactors, log2, invert(BigInt(size)), (k) =>
        power(coset, BigInt(size / 2 ** (k + 1))),
      ),
    ],
  ]);
  memory.release(mark);
  return { log2, twiddles, inverseTwiddles, cosetFactors };
}

function expansion(
  memory: KernelMemory,
  table: number,
  log2: number,
  first: bigint,
  step: (k: number) => bigint,
): KernelTask[number] {
  const steps = memory.allocate(log2 * ELEMENT_BYTES);
  for (let k = 0; k < log2; k++) writeScalar(memory, steps + k * ELEMENT_BYTES, step(k));
  writeScalar(memory, table, first);
  return ['expandTable', table, log2, steps];
}

/** Levels that run over whole arrays, in slices of columns; below them, blocks are independent. */
const MAX_OUTER_LEVELS = 3;

/**
 * Takes values on the domain to those on its odd coset, in place: the polynomial through the values at the n-th roots of unity,
 * evaluated at g·root. Three phases that threads share.
 */
export async function moveToOddCoset(
  space: KernelSpace,
  domain: EvaluationDomain,
  arrays: readonly number[],
): Promise<void> {
  const { log2 } = domain;
  const outer = Math.max(0, Math.min(MAX_OUTER_LEVELS, log2 - 2));
  const slices = splitRange(2 ** (log2 - outer) / 2, 2 * space.threads);
  const columns = (kernel: string, twiddles: number) =>
    arrays.flatMap((values) =>
      slices.map(([c0, c1]): KernelTask => [[kernel, values, log2, twiddles, 0, outer, 0, c0, c1]]),
    );
  await space.run(columns('columnsInTime', domain.inverseTwiddles));
  await space.run(
    arrays.flatMap((values) =>
      Array.from({ length: 2 ** outer }, (_, block) => innerBlock(domain, values, outer, block)),
    ),
  );
  await space.run(columns('columnsInFrequency', domain.twiddles));
}

function innerBlock(
  { log2, twiddles, inverseTwiddles, cosetFactors }: EvaluationDomain,
  values: number,
  outer: number,
  block: number,
): KernelTask {
  const cells = 2 ** (log2 - outer) / 2;
  const first = block * cells;
  return [
    ['columnsInTime', values, log2, inverseTwiddles, outer, log2 - 1, block, 0, 1],
    ['lanesInTime', values, log2, inverseTwiddles, outer, block],
    ['scaleCells', values, cosetFactors, first, first + cells],
    ['lanesInFrequency', values, log2, twiddles, outer, block],
    ['columnsInFrequency', values, log2, twiddles, outer, log2 - 1, block, 0, 1],
  ];
}

/** An array for n values of the domain. */
export function allocateValues(memory: KernelMemory, { log2 }: EvaluationDomain): number {
  return memory.allocate((2 ** log2 / 2) * CELL_BYTES);
}
