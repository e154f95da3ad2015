/**
 * Groth16 verification (Groth 2016, section 3.2). Stands alone: no part of Node, small enough for a
 * browser.
 */
import { bn254 } from '@noble/curves/bn254.js';
import { InputError } from '@zkinfer/core';
import type { G1Point, G2Point } from '../formats/point-json.ts';
import { parseProof, parsePublicSignals } from '../formats/proof-json.ts';
import { parseVerificationKey, type VerificationKey } from '../formats/verification-key-json.ts';

/** Whether a well-formed proof holds. */
export interface Verdict {
  readonly valid: boolean;
}

/**
 * Does the proof show that someone knows a witness with these public signals? Arguments are the
 * parsed contents of `verification_key.json`, `public.json` and `proof.json`.
 *
 * Accepts nothing that `snarkjs groth16 verify` refuses. It refuses more: snarkjs also takes
 * coordinates that are not reduced mod p, other spellings of numbers, fewer signals than the key is
 * for, and keys that nobody has contributed to. Here a statement has exactly one writing.
 * @returns valid: false for a well-formed proof of something else
 * @throws InputError PROVER_PROOF_MALFORMED, PROVER_PUBLIC_MALFORMED, PROVER_PUBLIC_COUNT,
 *   PROVER_VERIFICATION_KEY_MALFORMED
 */
export function verifyProof(
  verificationKey: unknown,
  publicSignals: unknown,
  proof: unknown,
): Verdict {
  const key = parseVerificationKey(verificationKey);
  const signals = parsePublicSignals(publicSignals);
  const { a, b, c } = parseProof(proof);
  if (signals.length !== key.inputs.length - 1) {
    throw new InputError({
      code: 'PROVER_PUBLIC_COUNT',
      what: 'another number of public signals than the key is for',
      got: String(signals.length),
      expected: String(key.inputs.length - 1),
    });
  }
  const inputs = combineInputs(key, signals);
  return {
    valid: isProductOne([
      [a.negate(), b],
      [key.alpha, key.beta],
      [inputs, key.gamma],
      [c, key.delta],
    ]),
  };
}

/** IC₀ + Σ signal_i · IC_{i+1}. */
function combineInputs(key: VerificationKey, signals: readonly bigint[]): G1Point {
  return signals.reduce(
    (sum, signal, i) => sum.add(key.inputs[i + 1]!.multiplyUnsafe(signal)),
    key.inputs[0]!,
  );
}

/** Π e(P, Q) = 1. Pairs with infinity count as one, which the library leaves to its callers. */
function isProductOne(pairs: readonly (readonly [G1Point, G2Point])[]): boolean {
  const finite = pairs.filter(([g1, g2]) => !g1.is0() && !g2.is0()).map(([g1, g2]) => ({ g1, g2 }));
  const { Fp12 } = bn254.fields;
  return Fp12.eql(bn254.pairingBatch(finite), Fp12.ONE);
}
