import {
  EnvironmentError,
  InputError,
  type ProofJson,
  SILENT_PROGRESS,
  type Witness,
  writeWtns,
} from '@zkinfer/core';
import * as snarkjs from 'snarkjs';
import type { LoadedProvingKey } from '../prove/load-proving-key.ts';
import type { ProofBundle, ProveOptions, ProvingEngine } from './engine.ts';
import { runSelfTest } from './self-test.ts';
import { openSnarkjs } from './snarkjs-session.ts';

/** The name of the reference engine. */
export const SNARKJS_ENGINE = 'snarkjs';

/**
 * Proves by snarkjs, from memory: the key is not read again for each proof. snarkjs draws its own
 * randomness and cannot be interrupted: the signal is looked at before and after.
 */
export async function createSnarkjsEngine(): Promise<ProvingEngine> {
  return new SnarkjsEngine(await openSnarkjs());
}

class SnarkjsEngine implements ProvingEngine {
  readonly name = SNARKJS_ENGINE;
  #release: (() => Promise<void>) | undefined;

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
    if (this.#release === undefined) throw closedError();
    if (randomness !== undefined) throw randomnessError();
    requireMatchingWitness(key, witness);
    signal?.throwIfAborted();
    progress.stage('prove');
    const { proof, publicSignals } = await snarkjs.groth16.prove(
      { type: 'mem', data: key.file.bytes },
      { type: 'mem', data: writeWtns(witness) },
    );
    signal?.throwIfAborted();
    return { proof: proof as unknown as ProofJson, publicSignals };
  }

  async close(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }
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

function randomnessError(): InputError {
  return new InputError({
    code: 'PROVER_RANDOMNESS_UNSUPPORTED',
    what: 'the snarkjs engine draws its own randomness and takes none',
  });
}
