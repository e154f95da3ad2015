import { readFile } from 'node:fs/promises';
import type { ProofJson, VerificationKeyJson } from '@zkinfer/core';
import { verifyProof } from '@zkinfer/prover';
import type { ProofFiles } from '../inputs/proof-inputs.ts';

/**
 * What a good proof comes to: its public signals. Every contestant's last proof is verified.
 * @throws Error if it does not verify
 */
export async function checkProof(
  { verificationKeyPath }: ProofFiles,
  proof: unknown,
  publicSignals: readonly string[],
): Promise<string> {
  const key = JSON.parse(await readFile(verificationKeyPath, 'utf8')) as VerificationKeyJson;
  const { valid } = verifyProof(key, publicSignals, proof as ProofJson);
  if (!valid) throw new Error('the proof does not verify');
  return publicSignals.join(', ');
}
