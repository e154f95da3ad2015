import { InternalError, SILENT_PROGRESS, type Witness } from '@zkinfer/core';
import type { ProofBundle, ProveOptions, ProvingEngine } from '../engine/engine.ts';
import { verifyProof } from '../verify/verify-proof.ts';
import type { LoadedProvingKey } from './load-proving-key.ts';

/**
 * Proves, and verifies the proof before handing it out: nobody gets a proof that does not hold.
 * @throws InternalError PROVER_PROOF_REJECTED if it does not (the witness breaks a row, or the
 *   engine is defective); InputError PROVER_WITNESS_MISMATCH; the signal's reason when aborted
 */
export async function prove(
  engine: ProvingEngine,
  key: LoadedProvingKey,
  witness: Witness,
  options: ProveOptions = {},
): Promise<ProofBundle> {
  const bundle = await engine.prove(key, witness, options);
  (options.progress ?? SILENT_PROGRESS).stage('verify');
  const { valid } = verifyProof(key.verificationKey, bundle.publicSignals, bundle.proof);
  if (valid) return bundle;
  throw new InternalError({
    code: 'PROVER_PROOF_REJECTED',
    what: `the proof that the engine ${engine.name} made does not verify`,
    hint: 'Check the witness against the constraints: it breaks a row, or the engine is defective.',
  });
}
