/**
 * `proof.json` as the eight words that contracts take: A (x, y), B, C, the imaginary part of F_p²
 * first (EIP-197), while snarkjs's JSON has the real part first.
 */
import { BASE_FIELD_ORDER, InputError, type ProofJson } from '@zkinfer/core';
import { g1Json, g1Words, g2Json, g2Words } from './point-words.ts';

/** A (2 words), B (4), C (2). */
export type EncodedProof = readonly [
  ...[bigint, bigint, bigint, bigint],
  ...[bigint, bigint, bigint, bigint],
];

/**
 * The words of a proof. Whether its points are on their curves is checked by whoever verifies it.
 * @throws InputError CONTRACTS_PROOF_MALFORMED for coordinates that are not canonical decimal
 *   strings below p, or points at infinity
 */
export function encodeProof(proof: ProofJson): EncodedProof {
  const { pi_a, pi_b, pi_c, protocol, curve } = proof;
  if (protocol !== 'groth16' || curve !== 'bn128') throw malformed('protocol or curve');
  const [a, b, c] = [g1Words(pi_a, malformed), g2Words(pi_b, malformed), g1Words(pi_c, malformed)];
  return [...a, ...b, ...c];
}

/** The `proof.json` of eight words, as a transaction carries them. Nothing about them is checked. */
export function decodeProof(words: readonly bigint[]): ProofJson {
  return {
    pi_a: g1Json(words.slice(0, 2)),
    pi_b: g2Json(words.slice(2, 6)),
    pi_c: g1Json(words.slice(6, 8)),
    protocol: 'groth16',
    curve: 'bn128',
  };
}

function malformed(got: string): InputError {
  return new InputError({
    code: 'CONTRACTS_PROOF_MALFORMED',
    what: 'this is not a proof that contracts take',
    got,
    expected: `groth16 on bn128, affine points with decimal coordinates below ${BASE_FIELD_ORDER}`,
    hint: 'Pass the contents of the proof.json that `zkinfer prove` or snarkjs wrote, unchanged.',
  });
}
