import { readFile } from 'node:fs/promises';
import { EnvironmentError } from '@zkinfer/core';
import { allowRelaxedVectors } from './allow-relaxed-vectors.ts';

/** What kernels take: addresses and counts, and words of 64 bits as bigint. */
export type KernelArgument = number | bigint;

/** The functions of an instance; they return nothing but what their sources in `kernels/` say. */
export type Kernels = Readonly<Record<string, (...args: readonly KernelArgument[]) => number>>;

/** How fields multiply: by fused multiply-adds of doubles in vectors, or by 64-bit integers. */
export type KernelVariant = 'fused' | 'scalar';

/**
 * A function (a, b, c: f64) → first lane of f64x2.relaxed_madd(a, b, c) as a module: it exports `f`. Machines may round the
 * product before the addition; where they do, the module's answer tells.
 */
const MULTIPLY_ADD = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7c, 0x7c, 0x7c, 0x01, 0x7c],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
  ...[0x0a, 0x16, 0x01, 0x14, 0x00],
  ...[0x20, 0x00, 0xfd, 0x14, 0x20, 0x01, 0xfd, 0x14, 0x20, 0x02, 0xfd, 0x14],
  ...[0xfd, 0x87, 0x02, 0xfd, 0x21, 0x00, 0x0b],
]);

/** The fastest variant that this machine computes rightly. */
export async function bestKernelVariant(): Promise<KernelVariant> {
  allowRelaxedVectors();
  try {
    const module = await WebAssembly.compile(MULTIPLY_ADD);
    const multiplyAdd = new WebAssembly.Instance(module, {}).exports.f as (
      a: number,
      b: number,
      c: number,
    ) => number;
    const a = 1 + 2 ** -30;
    return multiplyAdd(a, a, -(a * a)) === 2 ** -60 ? 'fused' : 'scalar';
  } catch {
    return 'scalar';
  }
}

/** Compiles the kernels. @throws EnvironmentError PROVER_KERNELS_UNUSABLE */
export async function compileKernels(variant: KernelVariant): Promise<WebAssembly.Module> {
  const bytes = await readKernels(`${variant}-kernels.wasm`);
  allowRelaxedVectors();
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

async function readKernels(name: string): Promise<Uint8Array> {
  try {
    return await readFile(new URL(`./${name}`, import.meta.url));
  } catch (cause) {
    throw new EnvironmentError({
      code: 'PROVER_KERNELS_UNUSABLE',
      what: `the WebAssembly kernels, ${name}, cannot be read`,
      hint: 'Build or install the package again.',
      cause,
    });
  }
}
