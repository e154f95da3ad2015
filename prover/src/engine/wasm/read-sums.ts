/** Finished multiplications, out of the kernels' memory. */
import { bn254 } from '@noble/curves/bn254.js';
import { BASE_FIELD_ORDER, power } from '@zkinfer/core';
import { ELEMENT_BYTES } from './field-limbs.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { type FinishedSum, POINT_MEMORY_BYTES } from './multi-scalar.ts';

type G1 = InstanceType<typeof bn254.G1.Point>;
type G2 = InstanceType<typeof bn254.G2.Point>;

/** What the kernels write in place of x for infinity. */
const INFINITY_BITS = 0x7ff0000000000000n;

/** The stored coordinates of a sum are multiples of this. */
const MONTGOMERY_INVERSE = power(1n << 255n, BASE_FIELD_ORDER - 2n, BASE_FIELD_ORDER);

/** The total of sums in G1. */
export function readG1Sums(memory: KernelMemory, sums: readonly FinishedSum[]): G1 {
  let total = bn254.G1.Point.ZERO;
  for (const sum of sums) {
    const coordinates = coordinatesOf(memory, sum);
    if (coordinates === null) continue;
    const [x, y] = coordinates;
    total = total.add(bn254.G1.Point.fromAffine({ x: x!, y: y! }));
  }
  return total;
}

/** The total of sums in G2. */
export function readG2Sums(memory: KernelMemory, sums: readonly FinishedSum[]): G2 {
  let total = bn254.G2.Point.ZERO;
  for (const sum of sums) {
    const coordinates = coordinatesOf(memory, sum);
    if (coordinates === null) continue;
    const [x0, x1, y0, y1] = coordinates;
    const x = { c0: x0!, c1: x1! };
    total = total.add(bn254.G2.Point.fromAffine({ x, y: { c0: y0!, c1: y1! } }));
  }
  return total;
}

function coordinatesOf(memory: KernelMemory, { group, result }: FinishedSum): bigint[] | null {
  if (memory.longs(result, 1)[0] === INFINITY_BITS) return null;
  const elements = POINT_MEMORY_BYTES[group] / ELEMENT_BYTES;
  return Array.from({ length: elements }, (_, i) => {
    const limbs = memory.doubles(result + i * ELEMENT_BYTES, 5);
    const value = limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
    const residue = (value * MONTGOMERY_INVERSE) % BASE_FIELD_ORDER;
    return residue < 0n ? residue + BASE_FIELD_ORDER : residue;
  });
}
