/** What is used of ffjavascript 0.3, which has no types of its own. */
import { requireThirdParty } from './third-party.ts';

/** The WebAssembly module of wasmcurves; prefixes: `f1m`, `frm` fields, `g1m` points. */
export type WasmcurvesExports = Readonly<Record<string, (...args: readonly number[]) => number>>;

/** BN254. Elements and points are in Montgomery form, little endian; affine points 64 bytes. */
export interface FfCurve {
  readonly tm: {
    readonly instance: { readonly exports: WasmcurvesExports };
    readonly memory: { readonly buffer: ArrayBuffer };
    readonly u8: Uint8Array;
    alloc(bytes: number): number;
  };
  readonly Fr: {
    /** Primitive roots of unity of order 2^k. */
    readonly w: readonly Uint8Array[];
    e(value: bigint | number): Uint8Array;
    fft(values: Uint8Array): Promise<Uint8Array>;
    ifft(values: Uint8Array): Promise<Uint8Array>;
    batchApplyKey(values: Uint8Array, first: Uint8Array, factor: Uint8Array): Promise<Uint8Array>;
    batchToMontgomery(values: Uint8Array): Promise<Uint8Array>;
    batchFromMontgomery(values: Uint8Array): Promise<Uint8Array>;
  };
  readonly G1: {
    readonly g: Uint8Array;
    double(point: Uint8Array): Uint8Array;
    batchToAffine(points: Uint8Array): Promise<Uint8Array>;
    multiExpAffine(bases: Uint8Array, scalars: Uint8Array): Promise<Uint8Array>;
    toAffine(point: Uint8Array): Uint8Array;
    toObject(point: Uint8Array): bigint[];
  };
  terminate(): Promise<void>;
}

interface Ffjavascript {
  buildBn128(singleThread: boolean): Promise<FfCurve>;
}

/** Builds the curve: on this thread alone, or with threads on all cores. Terminate it when done. */
export function buildCurve({ singleThread }: { singleThread: boolean }): Promise<FfCurve> {
  return requireThirdParty<Ffjavascript>('ffjavascript').buildBn128(singleThread);
}
