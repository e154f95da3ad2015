import { instantiateKernels } from '../engine/wasm/kernel-instance.ts';
import type { KernelMemory } from '../engine/wasm/kernel-memory.ts';
import {
  bestKernelVariant,
  type Kernels,
  type KernelVariant,
} from '../engine/wasm/kernel-module.ts';
import { createKernelPool, type KernelSpace } from '../engine/wasm/kernel-pool.ts';

/** The variants that this machine computes rightly: the integers of the fallback everywhere. */
export async function testedVariants(): Promise<readonly KernelVariant[]> {
  return (await bestKernelVariant()) === 'fused' ? ['fused', 'scalar'] : ['scalar'];
}

/** Kernels of a variant in the calling thread. */
export interface TestedKernels {
  readonly variant: KernelVariant;
  readonly kernels: Kernels;
  readonly memory: KernelMemory;
}

/** Instances of all variants that this machine computes rightly. */
export async function testedKernels(): Promise<readonly TestedKernels[]> {
  const variants = await testedVariants();
  return Promise.all(
    variants.map(async (variant) => ({ variant, ...(await instantiateKernels(variant)) })),
  );
}

/** Lends a space of a pool that ends with the use. */
export async function withKernelSpace<T>(
  variant: KernelVariant,
  threads: number,
  use: (space: KernelSpace) => Promise<T>,
): Promise<T> {
  const pool = await createKernelPool(threads, variant);
  try {
    return await use(pool.openSpace());
  } finally {
    await pool.close();
  }
}
