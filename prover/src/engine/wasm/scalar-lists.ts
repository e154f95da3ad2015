/**
 * Scalars as lists of records, from which multiplications take their digits: see
 * `kernels/assembly/scalars.ts`.
 */
import { ELEMENT_BYTES, limbsOf } from './field-limbs.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type { KernelTask } from './kernel-message.ts';
import type { KernelSpace } from './kernel-pool.ts';
import type { ScalarList } from './multi-scalar.ts';
import { splitRange } from './split-range.ts';
import { digitOffset, planUniform, planWitness } from './window-plan.ts';

/** Bytes of the record of a wide scalar. */
const RECORD_BYTES = 40;

/**
 * Lists of small and of wide scalars, and the task that fills them. Zeros are in neither; empty
 * lists are left out.
 * @param scalars `count` residues of 32 bytes
 * @param histogram what `measureScalars` counted
 */
export function planLists(
  memory: KernelMemory,
  scalars: number,
  count: number,
  histogram: Uint32Array,
): { lists: ScalarList[]; split: KernelTask } {
  const plan = planWitness(histogram);
  const small: ScalarList = {
    plan: plan.small,
    count: plan.smallCount,
    recordBytes: 8,
    numbers: memory.allocate(4 * plan.smallCount),
    records: memory.allocate(8 * plan.smallCount + 8),
  };
  const wide: ScalarList = {
    plan: plan.wide,
    count: plan.wideCount,
    recordBytes: RECORD_BYTES,
    numbers: memory.allocate(4 * plan.wideCount),
    records: memory.allocate(RECORD_BYTES * plan.wideCount + 8),
  };
  const wideOffset = memory.allocate(RECORD_BYTES);
  memory.longs(wideOffset, 5).set(wordsOf(digitOffset(plan.wide)));
  const smallOffset = BigInt.asIntN(64, digitOffset(plan.small));
  const split: KernelTask = [
    [
      'splitScalars',
      scalars,
      count,
      plan.smallBits,
      smallOffset,
      small.numbers,
      small.records,
      wideOffset,
      wide.numbers,
      wide.records,
    ],
  ];
  return { lists: [small, wide].filter((list) => list.count > 0), split };
}

/** The list of a·b − c: arrays of `count` values each, an even number. */
export async function quotientScalars(
  space: KernelSpace,
  count: number,
  { a, b, c }: { readonly a: number; readonly b: number; readonly c: number },
): Promise<ScalarList> {
  const { memory, threads } = space;
  const plan = planUniform(count);
  const records = memory.allocate(count * RECORD_BYTES + 8);
  const offset = memory.allocate(ELEMENT_BYTES);
  memory.longs(offset, 5).set(limbsOf(digitOffset(plan)));
  await space.run(
    splitRange(count / 2, 4 * threads).map(
      ([from, to]): KernelTask => [['quotientRecords', records, a, b, c, offset, from, to]],
    ),
  );
  return { plan, count, records, recordBytes: RECORD_BYTES, numbers: 0 };
}

function wordsOf(value: bigint): BigInt64Array {
  return BigInt64Array.from({ length: 5 }, (_, i) => BigInt.asIntN(64, value >> BigInt(64 * i)));
}
