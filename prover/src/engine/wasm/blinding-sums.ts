/** What blinds C of a proof, in the kernels: s·A + r·B − r·s·δ. */
import { SCALAR_FIELD_ORDER, writeFieldBytes } from '@zkinfer/core';
import type { ProofRandomness } from '../engine.ts';
import { type DecodedKey, NO_POINT } from './decoded-key.ts';
import type { KernelCall, KernelTask } from './kernel-message.ts';
import { type FinishedSum, POINT_MEMORY_BYTES } from './multi-scalar.ts';

const SCALAR_BYTES = 32;

/** Sums of A and of B in G1, each in parts, at least one. */
export interface BlindedSums {
  readonly a: readonly FinishedSum[];
  readonly b1: readonly FinishedSum[];
}

/** The three terms, at the same time. */
export async function blindingSums(
  key: DecodedKey,
  { a, b1 }: BlindedSums,
  { r, s }: ProofRandomness,
): Promise<FinishedSum[]> {
  const { space } = key;
  const negative = (SCALAR_FIELD_ORDER - ((r * s) % SCALAR_FIELD_ORDER)) % SCALAR_FIELD_ORDER;
  const terms = [multiple(key, a, s), multiple(key, b1, r), multiple(key, deltaOf(key), negative)];
  await space.run(terms.map(({ task }) => task));
  return terms.map(({ sum }) => sum);
}

/** δ, which r multiplies among the bases of A; infinity is none. */
function deltaOf({ space, a, wires }: DecodedKey): FinishedSum[] {
  const place = space.memory.words(a.index, wires + 1)[wires]!;
  if (place === NO_POINT) return [];
  return [{ group: 'g1', result: a.points + place * POINT_MEMORY_BYTES.g1 }];
}

function multiple(
  { space: { memory } }: DecodedKey,
  parts: readonly FinishedSum[],
  scalar: bigint,
): { task: KernelTask; sum: FinishedSum } {
  const [total, result] = [0, 1].map(() => memory.allocate(POINT_MEMORY_BYTES.g1)) as [
    number,
    number,
  ];
  const factor = memory.allocate(SCALAR_BYTES);
  const bytes = memory.bytes(factor, SCALAR_BYTES);
  writeFieldBytes(new DataView(bytes.buffer, bytes.byteOffset, SCALAR_BYTES), 0, scalar);
  const task: KernelCall[] = [
    ['g1ClearBuckets', total, 1],
    ...parts.map((part): KernelCall => ['g1AddPoints', total, total, part.result]),
    ['g1MultiplyPoint', result, total, factor],
  ];
  return { task, sum: { group: 'g1', result } };
}
