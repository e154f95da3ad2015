import { KernelMemory } from './kernel-memory.ts';
import { compileKernels, type Kernels, type KernelVariant } from './kernel-module.ts';

/**
 * Kernels on a memory of their own in the calling thread.
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE, PROVER_MEMORY_EXHAUSTED
 */
export async function instantiateKernels(
  variant: KernelVariant,
): Promise<{ readonly kernels: Kernels; readonly memory: KernelMemory }> {
  const memory = new KernelMemory();
  const module = await compileKernels(variant);
  const imports = { env: { memory: memory.memory } };
  const kernels = new WebAssembly.Instance(module, imports).exports as unknown as Kernels;
  kernels.initialize!();
  kernels.setScratch!(memory.allocate(kernels.regionBytes!()));
  return { kernels, memory };
}
