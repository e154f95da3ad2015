/**
 * What a proving engine is. Imports types alone, so that engines depend on it and not on each
 * other.
 */
import type { Progress, ProofJson, PublicSignalsJson, Witness } from '@zkinfer/core';
import type { LoadedProvingKey } from '../prove/load-proving-key.ts';

/** A proof and the signals it is about: the contents of `proof.json` and `public.json`. */
export interface ProofBundle {
  readonly proof: ProofJson;
  readonly publicSignals: PublicSignalsJson;
}

/**
 * The two blinding scalars of a proof, in [0, r). Fixing them is for tests: they hide the witness.
 */
export interface ProofRandomness {
  readonly r: bigint;
  readonly s: bigint;
}

/** How a proof is made. */
export interface ProveOptions {
  readonly progress?: Progress;
  /** Engines stop as soon as they can; some can only before they begin. */
  readonly signal?: AbortSignal;
  /** @throws InputError PROVER_RANDOMNESS_RANGE; by engines that cannot, PROVER_RANDOMNESS_UNSUPPORTED */
  readonly randomness?: ProofRandomness;
}

/**
 * Makes Groth16 proofs. Owned by whoever created it, who closes it: threads keep the process alive
 * until then.
 */
export interface ProvingEngine {
  readonly name: string;
  /** Proves and verifies a tiny circuit. @throws EnvironmentError PROVER_ENGINE_UNUSABLE */
  selfTest(): Promise<void>;
  /**
   * Does not verify what it makes: a witness that breaks a row gives a proof that is wrong. `prove`
   * of this package does.
   * @throws InputError PROVER_WITNESS_MISMATCH for a witness of another length than the key's,
   *   PROVER_WITNESS_RANGE for a value that is not below r; EnvironmentError PROVER_MEMORY_EXHAUSTED before any work; PROVER_WORKER_FAILED when a thread
   *   died, after which the engine can be used again; PROVER_ENGINE_CLOSED; the signal's reason when
   *   aborted
   */
  prove(key: LoadedProvingKey, witness: Witness, options?: ProveOptions): Promise<ProofBundle>;
  /**
   * Forgets what the engine keeps of a key for its next proof; proofs under it can still be asked
   * for, and have it decoded again. The memory is used for the next key: it goes back to the system
   * when the engine is closed.
   */
  release(key: LoadedProvingKey): Promise<void>;
  /** Ends a proof that is being made with EnvironmentError PROVER_ENGINE_CLOSED, and all threads. */
  close(): Promise<void>;
}
