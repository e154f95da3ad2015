import { randomBytes } from 'node:crypto';
import { InputError, SCALAR_FIELD_ORDER, SILENT_PROGRESS, type Witness } from '@zkinfer/core';
import type { LoadedProvingKey } from '../../prove/load-proving-key.ts';
import type { ProofBundle, ProofRandomness, ProveOptions, ProvingEngine } from '../engine.ts';
import { engineClosedError } from '../engine-closed-error.ts';
import { requireProvableWitness } from '../require-provable-witness.ts';
import { runSelfTest } from '../self-test.ts';
import type { DecodedKey } from './decoded-key.ts';
import { DecodedKeys } from './decoded-keys.ts';
import type { KernelVariant } from './kernel-module.ts';
import { abortable, createKernelPool, type KernelPool } from './kernel-pool.ts';
import { proveInKernels } from './wasm-prover.ts';

/** The name of our own engine. */
export const WASM_ENGINE = 'wasm';

/** How the engine is set up. */
export interface WasmEngineOptions {
  /** Default: as many as the machine runs in parallel. */
  readonly threads?: number;
  /** Default: the fastest that this machine computes rightly. */
  readonly variant?: KernelVariant;
}

/**
 * Proves by our own WebAssembly kernels on all cores. A key is decoded at its first proof and kept until it is released. Proofs
 * asked for at the same time are made one after the other. When a thread dies, the proof that it worked for fails; the next
 * proof starts new threads and decodes its key again.
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE
 */
export async function createWasmEngine({
  threads,
  variant,
}: WasmEngineOptions = {}): Promise<ProvingEngine> {
  const createPool = () => createKernelPool(threads, variant);
  return new WasmEngine(createPool, await createPool());
}

class WasmEngine implements ProvingEngine {
  readonly name = WASM_ENGINE;
  readonly #createPool: () => Promise<KernelPool>;
  #pool: KernelPool;
  #keys: DecodedKeys;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(createPool: () => Promise<KernelPool>, pool: KernelPool) {
    this.#createPool = createPool;
    this.#pool = pool;
    this.#keys = new DecodedKeys(pool);
  }

  selfTest(): Promise<void> {
    return runSelfTest(this);
  }

  prove(key: LoadedProvingKey, witness: Witness, options: ProveOptions = {}): Promise<ProofBundle> {
    return this.#enqueue(() => this.#proveNow(key, witness, options));
  }

  release(key: LoadedProvingKey): Promise<void> {
    return this.#enqueue(async () => this.#keys.release(key));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.close();
    await this.#last;
  }

  /** Work on one memory is done in turn. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  async #proveNow(
    key: LoadedProvingKey,
    witness: Witness,
    { progress = SILENT_PROGRESS, signal, randomness = drawRandomness() }: ProveOptions,
  ): Promise<ProofBundle> {
    if (this.#isClosed) throw engineClosedError();
    requireProvableWitness(key, witness);
    requireRandomness(randomness);
    signal?.throwIfAborted();
    await this.#replaceFailedPool();
    const decoded = await this.#keys.get(key, { progress, signal });
    const { space } = decoded;
    try {
      const proof = await proveInKernels(
        { ...decoded, space: abortable(space, signal) },
        { witness, randomness, progress, signal },
      );
      return { proof, publicSignals: publicSignalsOf(decoded, witness) };
    } finally {
      space.wipeScratch();
    }
  }

  async #replaceFailedPool(): Promise<void> {
    if (!this.#pool.isFailed) return;
    await this.#pool.close();
    this.#pool = await this.#createPool();
    this.#keys = new DecodedKeys(this.#pool);
    if (!this.#isClosed) return;
    await this.#pool.close();
    throw engineClosedError();
  }
}

function publicSignalsOf({ publicSignals }: DecodedKey, witness: Witness): string[] {
  return Array.from({ length: publicSignals }, (_, i) => `${witness.get(i + 1)}`);
}

/** Uniform in [0, r): 512 random bits make the bias of the reduction less than 2^-257. */
function drawRandomness(): ProofRandomness {
  const draw = () => BigInt(`0x${randomBytes(64).toString('hex')}`) % SCALAR_FIELD_ORDER;
  return { r: draw(), s: draw() };
}

/** Kernels take them beside the witness. */
function requireRandomness({ r, s }: ProofRandomness): void {
  if ([r, s].every((value) => value >= 0n && value < SCALAR_FIELD_ORDER)) return;
  throw new InputError({
    code: 'PROVER_RANDOMNESS_RANGE',
    what: 'r and s of a proof are numbers from 0 to below the order of the scalar field',
  });
}
