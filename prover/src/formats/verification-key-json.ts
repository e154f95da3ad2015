/** Reading `verification_key.json` as snarkjs writes it. */
import { InputError } from '@zkinfer/core';
import { type G1Point, type G2Point, parseG1, parseG2 } from './point-json.ts';
import { asRecord } from './strict-json.ts';

/** A verification key with its points checked. */
export interface VerificationKey {
  readonly alpha: G1Point;
  readonly beta: G2Point;
  readonly gamma: G2Point;
  readonly delta: G2Point;
  readonly inputs: readonly G1Point[];
}

/**
 * Checks the contents of a `verification_key.json` as strictly as `parseProof`; γ = δ, which anyone
 * can forge under, and points at infinity, which would leave a signal unbound, are refused too.
 * @throws InputError PROVER_VERIFICATION_KEY_MALFORMED
 */
export function parseVerificationKey(json: unknown): VerificationKey {
  const { protocol, curve, nPublic, IC, ...points } = asRecord(json, keyError);
  if (protocol !== 'groth16' || curve !== 'bn128') {
    throw keyError('protocol or curve', 'groth16 on bn128');
  }
  if (!Array.isArray(IC) || typeof nPublic !== 'number' || IC.length !== nPublic + 1) {
    throw keyError('IC is not', 'one point more than nPublic');
  }
  const key: VerificationKey = {
    alpha: parseG1(points.vk_alpha_1, 'vk_alpha_1', keyError),
    beta: parseG2(points.vk_beta_2, 'vk_beta_2', keyError),
    gamma: parseG2(points.vk_gamma_2, 'vk_gamma_2', keyError),
    delta: parseG2(points.vk_delta_2, 'vk_delta_2', keyError),
    inputs: IC.map((point, i) => parseG1(point, `IC[${i}]`, keyError)),
  };
  const { alpha, beta, gamma, delta, inputs } = key;
  if ([alpha, beta, gamma, delta, ...inputs].some((point) => point.is0())) {
    throw keyError('a point at infinity', 'finite points: each binds a part of the statement');
  }
  if (gamma.equals(delta)) {
    throw keyError('gamma equals delta', 'a key that someone has contributed to');
  }
  return key;
}

function keyError(got: string, expected: string): InputError {
  return new InputError({
    code: 'PROVER_VERIFICATION_KEY_MALFORMED',
    what: 'this is not a usable verification key',
    got,
    expected,
  });
}
