import {
  InputError,
  type ProofJson,
  SILENT_PROGRESS,
  type Witness,
  writeWtns,
} from '@zkinfer/core';
import * as snarkjs from 'snarkjs';
import type { LoadedProvingKey } from '../prove/load-proving-key.ts';
import type { ProofBundle, ProveOptions, ProvingEngine } from './engine.ts';
import { engineClosedError } from './engine-closed-error.ts';
import { requireProvableWitness } from './require-provable-witness.ts';
import { runSelfTest } from './self-test.ts';
import { openSnarkjs } from './snarkjs-session.ts';

/** The name of the reference engine. */
export const SNARKJS_ENGINE = 'snarkjs';

/**
 * Proves by snarkjs, from memory: the key is not read again for each proof. snarkjs draws its own
 * randomness and cannot be interrupted: the signal is looked at before and after. What snarkjs
 * itself copies of the witness is not wiped.
 */
export async function createSnarkjsEngine(): Promise<ProvingEngine> {
  return new SnarkjsEngine(await openSnarkjs());
}

class SnarkjsEngine implements ProvingEngine {
  readonly name = SNARKJS_ENGINE;
  #release: (() => Promise<void>) | undefined;
  readonly #running = new Set<Promise<unknown>>();

  constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  selfTest(): Promise<void> {
    return runSelfTest(this);
  }

  async prove(
    key: LoadedProvingKey,
    witness: Witness,
    { progress = SILENT_PROGRESS, signal, randomness }: ProveOptions = {},
  ): Promise<ProofBundle> {
    if (this.#release === undefined) throw engineClosedError();
    if (randomness !== undefined) throw randomnessError();
    requireProvableWitness(key, witness);
    signal?.throwIfAborted();
    progress.stage('prove');
    const proof = proveOnce(key, witness);
    this.#running.add(proof);
    try {
      const bundle = await proof;
      if (this.#release === undefined) throw engineClosedError();
      signal?.throwIfAborted();
      return bundle;
    } finally {
      this.#running.delete(proof);
    }
  }

  /** Nothing is kept between proofs. */
  async release(): Promise<void> {}

  async close(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    // Without its threads snarkjs would never come to an end.
    await Promise.allSettled(this.#running);
    await release?.();
  }
}

async function proveOnce(key: LoadedProvingKey, witness: Witness): Promise<ProofBundle> {
  const wtns = writeWtns(witness);
  try {
    const { proof, publicSignals } = await snarkjs.groth16.prove(
      { type: 'mem', data: key.file.bytes },
      { type: 'mem', data: wtns },
    );
    return { proof: proof as unknown as ProofJson, publicSignals };
  } finally {
    wtns.fill(0);
  }
}

function randomnessError(): InputError {
  return new InputError({
    code: 'PROVER_RANDOMNESS_UNSUPPORTED',
    what: 'the snarkjs engine draws its own randomness and takes none',
  });
}
