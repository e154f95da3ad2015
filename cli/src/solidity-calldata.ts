import type { ProofJson, PublicSignalsJson } from '@zkinfer/core';

/**
 * The arguments of a Solidity verifier's `verifyProof(uint256[2] a, uint256[2][2] b, uint256[2] c,
 * uint256[n] signals)`, as text, in the form of `snarkjs zkey export soliditycalldata`. Contracts
 * take the imaginary part of F_p² first (EIP-197).
 */
export function solidityCalldata(proof: ProofJson, publicSignals: PublicSignalsJson): string {
  const { pi_a, pi_b, pi_c } = proof;
  const reversed = (pair: readonly [string, string]) => list([pair[1], pair[0]]);
  const b = `[${reversed(pi_b[0])},${reversed(pi_b[1])}]`;
  return [list([pi_a[0], pi_a[1]]), b, list([pi_c[0], pi_c[1]]), list(publicSignals)].join(',');
}

function list(decimals: readonly string[]): string {
  const words = decimals.map((decimal) => BigInt(decimal).toString(16).padStart(64, '0'));
  return `[${words.map((word) => `"0x${word}"`).join(',')}]`;
}
