import { randomBytes } from 'node:crypto';
import {
  EnvironmentError,
  InputError,
  SCALAR_FIELD_ORDER,
  SILENT_PROGRESS,
  type Witness,
} from '@zkinfer/core';
import type { LoadedProvingKey } from '../../prove/load-proving-key.ts';
import type { ProofBundle, ProofRandomness, ProveOptions, ProvingEngine } from '../engine.ts';
import { runSelfTest } from '../self-test.ts';
import { type DecodedKey, decodeKey } from './decoded-key.ts';
import type { KernelVariant } from './kernel-module.ts';
import { createKernelPool, type KernelPool } from './kernel-pool.ts';
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
 * Proves by our own WebAssembly kernels on all cores. A key is decoded at its first proof and kept as long as its object
 * lives. Proofs asked for at the same time are made one after the other.
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE
 */
export async function createWasmEngine({
  threads,
  variant,
}: WasmEngineOptions = {}): Promise<ProvingEngine> {
  return new WasmEngine(await createKernelPool(threads, variant));
}

class WasmEngine implements ProvingEngine {
  readonly name = WASM_ENGINE;
  readonly #pool: KernelPool;
  readonly #keys = new WeakMap<LoadedProvingKey, Promise<DecodedKey>>();
  /** Keys that nobody holds any more leave the threads' memory too. */
  readonly #dropped = new FinalizationRegistry<DecodedKey['space']>((space) => space.close());
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(pool: KernelPool) {
    this.#pool = pool;
  }

  selfTest(): Promise<void> {
    return runSelfTest(this);
  }

  prove(key: LoadedProvingKey, witness: Witness, options: ProveOptions = {}): Promise<ProofBundle> {
    const result = this.#last.then(() => this.#proveNow(key, witness, options));
    this.#last = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.close();
  }

  async #proveNow(
    key: LoadedProvingKey,
    witness: Witness,
    { progress = SILENT_PROGRESS, signal, randomness = drawRandomness() }: ProveOptions,
  ): Promise<ProofBundle> {
    if (this.#isClosed) throw closedError();
    requireMatchingWitness(key, witness);
    signal?.throwIfAborted();
    progress.stage('load key');
    const decoded = await this.#decoded(key);
    const { delta1 } = key.file.header;
    const input = { witness, randomness, delta1, progress, signal };
    const proof = await proveInKernels(decoded, input);
    return { proof, publicSignals: publicSignalsOf(decoded, witness) };
  }

  #decoded(key: LoadedProvingKey): Promise<DecodedKey> {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const decoded = decodeKey(this.#pool, key.file);
    this.#keys.set(key, decoded);
    decoded.then(
      ({ space }) => this.#dropped.register(key, space),
      () => this.#keys.delete(key),
    );
    return decoded;
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

function requireMatchingWitness(key: LoadedProvingKey, witness: Witness): void {
  if (witness.wires === key.file.header.wires) return;
  throw new InputError({
    code: 'PROVER_WITNESS_MISMATCH',
    what: 'the witness is not one of the circuit that the key is for',
    got: `${witness.wires} wires`,
    expected: `${key.file.header.wires} wires`,
  });
}

function closedError(): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_ENGINE_CLOSED',
    what: 'the engine has been closed',
    hint: 'Create another one.',
  });
}
