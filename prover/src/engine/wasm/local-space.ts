import { instantiateKernels } from './kernel-instance.ts';
import { bestKernelVariant } from './kernel-module.ts';
import type { KernelSpace } from './kernel-pool.ts';

/** A space without secrets. */
export type LocalSpace = Omit<KernelSpace, 'wipeScratch'>;

/**
 * Kernels in the calling thread, for work that is done before threads would have started.
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE, PROVER_MEMORY_EXHAUSTED
 */
export async function createLocalSpace(): Promise<LocalSpace> {
  const { kernels, memory } = await instantiateKernels(await bestKernelVariant());
  return {
    memory,
    threads: 1,
    async run(tasks, signal) {
      for (const task of tasks) {
        signal?.throwIfAborted();
        for (const [name, ...args] of task) kernels[name]!(...args);
      }
    },
    close() {},
  };
}
