/**
 * `verification_key.json` as the bytes that `IGroth16Verifier.storeKey` takes: alpha, beta, gamma,
 * delta, then IC, in words of 32 bytes.
 */
import { InputError, type VerificationKeyJson } from '@zkinfer/core';
import { keccak256, toBeHex } from 'ethers';
import { g1Words, g2Words } from './point-words.ts';

/**
 * The key's bytes as 0x text. Curves and subgroups are checked by the contract.
 * @throws InputError CONTRACTS_KEY_MALFORMED
 */
export function encodeVerificationKey(key: VerificationKeyJson): string {
  if (key.protocol !== 'groth16' || key.curve !== 'bn128') throw malformed('protocol or curve');
  if (!Array.isArray(key.IC) || key.IC.length !== key.nPublic + 1) {
    throw malformed('another number of IC points than nPublic + 1');
  }
  const words = [
    ...g1Words(key.vk_alpha_1, malformed),
    ...[key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flatMap((p) => g2Words(p, malformed)),
    ...key.IC.flatMap((point) => g1Words(point, malformed)),
  ];
  return `0x${words.map((word) => toBeHex(word, 32).slice(2)).join('')}`;
}

/**
 * keccak256 of the key's encoding, by which the verifier finds it.
 * @throws InputError CONTRACTS_KEY_MALFORMED
 */
export function verificationKeyHash(key: VerificationKeyJson): string {
  return keccak256(encodeVerificationKey(key));
}

function malformed(got: string): InputError {
  return new InputError({
    code: 'CONTRACTS_KEY_MALFORMED',
    what: 'this is not a verification key that contracts take',
    got,
    expected: 'groth16 on bn128, affine points with canonical decimal coordinates',
    hint: 'Pass the contents of verification_key.json, unchanged.',
  });
}
