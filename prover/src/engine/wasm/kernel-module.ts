import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { EnvironmentError } from '@zkinfer/core';

/** What kernels take: addresses and counts, and words of 64 bits as bigint. */
export type KernelArgument = number | bigint;

/** The functions of an instance; they return nothing but what their sources in `kernels/` say. */
export type Kernels = Readonly<Record<string, (...args: readonly KernelArgument[]) => number>>;

/** `fused`: vectors of doubles with a multiply-add that rounds once. */
export type KernelVariant = 'fused';

const FILES: Readonly<Record<KernelVariant, URL>> = {
  fused: new URL('./kernels.wasm', import.meta.url),
};

/**
 * Compiles the kernels. Node 20 knows the instructions that they use only under a flag, which may be set at any time
 * before; later versions have it on.
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE
 */
export async function compileKernels(variant: KernelVariant = 'fused'): Promise<WebAssembly.Module> {
  const bytes = await readFile(FILES[variant]);
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new EnvironmentError({
      code: 'PROVER_KERNELS_UNUSABLE',
      what: 'this JavaScript engine does not compile the WebAssembly kernels',
      hint: 'Use Node 20 or later.',
      cause,
    });
  }
}
