import {
  type ConstraintSystem,
  checkSatisfaction,
  InputError,
  InternalError,
  SILENT_PROGRESS,
  type Witness,
} from '@zkinfer/core';
import type { ProofBundle, ProveOptions, ProvingEngine } from '../engine/engine.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import type { LoadedProvingKey } from './load-proving-key.ts';

/** The circuit that a proof is about, to explain why there is none. */
export interface ProvedCircuit {
  readonly system: ConstraintSystem;
  /** What a row belongs to, for people. */
  nameRow?(row: number): string;
}

/** How a proof is made and checked. */
export interface CheckedProveOptions extends ProveOptions {
  /** Where it is at hand, the row is named that a witness breaks. */
  readonly circuit?: ProvedCircuit;
}

/**
 * Proves, and verifies the proof before handing it out: nobody gets a proof that does not hold.
 * @throws InputError PROVER_WITNESS_UNSATISFIED if it does not because the witness breaks a row,
 *   which takes the circuit to tell; InternalError PROVER_PROOF_REJECTED if it does not (without
 *   the circuit the witness may be to blame, with it the key or the engine is);
 *   PROVER_WITNESS_MISMATCH; what engines throw; the signal's reason when aborted
 */
export async function prove(
  engine: ProvingEngine,
  key: LoadedProvingKey,
  witness: Witness,
  { circuit, ...options }: CheckedProveOptions = {},
): Promise<ProofBundle> {
  const bundle = await engine.prove(key, witness, options);
  const { progress = SILENT_PROGRESS, signal } = options;
  signal?.throwIfAborted();
  progress.stage('verify');
  const refusal = refusalOf(key, bundle);
  if (refusal === undefined) return bundle;
  if (circuit !== undefined) requireSatisfied(circuit, witness);
  throw new InternalError({
    code: 'PROVER_PROOF_REJECTED',
    what: `the proof that the engine ${engine.name} made does not verify`,
    hint:
      circuit === undefined
        ? 'Check the witness against the constraints: it breaks a row, or key or engine are defective.'
        : 'The witness is right: the key or the engine is defective. Try another engine.',
    cause: refusal.cause,
  });
}

/** Why a proof does not hold; a point off its group, which the points of a bad key may give, is thrown by the verifier. */
function refusalOf(
  key: LoadedProvingKey,
  { publicSignals, proof }: ProofBundle,
): { readonly cause?: unknown } | undefined {
  try {
    return verifyProof(key.verificationKey, publicSignals, proof).valid ? undefined : {};
  } catch (cause) {
    return { cause };
  }
}

function requireSatisfied({ system, nameRow }: ProvedCircuit, witness: Witness): void {
  const satisfaction = checkSatisfaction(system, witness);
  if (satisfaction.satisfied) return;
  const { row, failing } = satisfaction;
  const name = nameRow === undefined ? '' : ` (${nameRow(row)})`;
  throw new InputError({
    code: 'PROVER_WITNESS_UNSATISFIED',
    what: 'the witness does not satisfy the circuit',
    got: `row ${row}${name} is the first of ${failing} that it breaks`,
    expected: 'none',
  });
}
