/**
 * The JSON of Groth16 proofs and keys as snarkjs writes it: decimal strings, projective coordinates
 * with a last one of 1 (0 for infinity), the real part of F_p² first. Only the shapes: who reads
 * such a document checks it.
 */

/** A point of G1: x, y, z. */
export type G1Json = readonly [string, string, string];

/** A point of G2: x, y, z, each c0, c1. */
export type G2Json = readonly [
  readonly [string, string],
  readonly [string, string],
  readonly [string, string],
];

/** The contents of `proof.json`. */
export interface ProofJson {
  readonly pi_a: G1Json;
  readonly pi_b: G2Json;
  readonly pi_c: G1Json;
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
}

/** The contents of `public.json`: decimal residues mod r, outputs before public inputs. */
export type PublicSignalsJson = readonly string[];

/** The contents of `verification_key.json`. */
export interface VerificationKeyJson {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly nPublic: number;
  readonly vk_alpha_1: G1Json;
  readonly vk_beta_2: G2Json;
  readonly vk_gamma_2: G2Json;
  readonly vk_delta_2: G2Json;
  /** e(α, β) in F_p¹², by the tower 2 · 3 · 2; unused by verifiers here. */
  readonly vk_alphabeta_12: readonly (readonly (readonly string[])[])[];
  /** The constant's point, then one for each public signal. */
  readonly IC: readonly G1Json[];
}
