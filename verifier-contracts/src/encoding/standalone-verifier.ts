/**
 * Solidity of a verifier for one key alone, for those who need no registry and no coprocessor. Its
 * `verifyProof` takes the arguments that `snarkjs zkey export soliditycalldata` prints. Own code:
 * Groth16 (eprint 2016/260, section 3.2) over the precompiles of EIP-196 and EIP-197, with the gas of
 * EIP-1108.
 */

import type { VerificationKeyJson } from '@zkinfer/core';
import { BASE_FIELD_ORDER, InputError, SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { encodeVerificationKey } from './encode-verification-key.ts';

/** What the source says about itself. */
export interface StandaloneVerifierOptions {
  /** `InferenceVerifier` by default. */
  readonly contractName?: string;
  /** Lines of its documentation: which model this is, which setup. */
  readonly notes?: readonly string[];
}

/**
 * The source of the contract, for any Solidity 0.8 from 0.8.4 on.
 * @throws InputError CONTRACTS_KEY_MALFORMED, CONTRACTS_CONTRACT_NAME
 */
export function standaloneVerifier(
  key: VerificationKeyJson,
  { contractName = 'InferenceVerifier', notes = [] }: StandaloneVerifierOptions = {},
): string {
  requireName(contractName);
  const words = wordsOf(encodeVerificationKey(key));
  const signals = key.nPublic;
  const documentation = notes.map((note) => `/// @dev ${note.replaceAll(/\s+/g, ' ')}\n`).join('');
  return `// SPDX-License-Identifier: Apache-2.0
pragma solidity >=0.8.4 <0.9.0;

/// @title Groth16 verifier over BN254 for one key
/// @notice Says nothing about who made the key: whoever knows the secrets of its setup can forge proofs.
${documentation}contract ${contractName} {
    /// @notice Public signal \`index\` is not below the scalar field's order: it would be another's alias.
    error SignalRange(uint256 index, uint256 signal);
    /// @notice A coordinate of the proof is not below the base field's order.
    error ProofCoordinate(uint256 coordinate);
    /// @notice A point of the proof is not on its curve, or B not in the subgroup.
    error ProofPoint();
    /// @notice Too little gas is left to verify; says nothing about the proof.
    error InsufficientGas(uint256 left, uint256 needed);

    uint256 private constant BASE_FIELD_ORDER = ${BASE_FIELD_ORDER};
    uint256 private constant SCALAR_FIELD_ORDER = ${SCALAR_FIELD_ORDER};

    /// @dev EIP-1108: 45,000 and 34,000 for each of four pairs.
    uint256 private constant PAIRING_GAS = 181_000;
    /// @dev What is spent around the pairing, generously.
    uint256 private constant GAS_AROUND = 10_000;

${constants(words)}

    /// @notice Whether the proof shows the statement of these signals. Malformed input and too little gas revert with
    ///   errors of their own; \`false\` means a well-formed proof of something else.
    /// @param a Point A.
    /// @param b Point B, the imaginary part of each coordinate first.
    /// @param c Point C.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[${signals}] calldata signals
    ) public view returns (bool) {
        uint256[24] memory pairs;
        pairs[0] = _coordinate(a[0]);
        pairs[1] = (BASE_FIELD_ORDER - _coordinate(a[1])) % BASE_FIELD_ORDER;
        pairs[2] = _coordinate(b[0][0]);
        pairs[3] = _coordinate(b[0][1]);
        pairs[4] = _coordinate(b[1][0]);
        pairs[5] = _coordinate(b[1][1]);
${assignments([`ALPHA_X`, `ALPHA_Y`, ...pointNames('BETA')], 6)}
        (pairs[12], pairs[13]) = _combine(signals);
${assignments(pointNames('GAMMA'), 14)}
        pairs[18] = _coordinate(c[0]);
        pairs[19] = _coordinate(c[1]);
${assignments(pointNames('DELTA'), 20)}
        return _isProductOne(pairs);
    }

    /// @dev IC_0 + Σ signal_i · IC_{i+1}.
    function _combine(uint256[${signals}] calldata signals) private view returns (uint256 x, uint256 y) {
        (x, y) = (IC_0_X, IC_0_Y);
${additions(signals)}
    }

    function _addProduct(uint256 x, uint256 y, uint256 pointX, uint256 pointY, uint256 index, uint256 signal)
        private
        view
        returns (uint256, uint256)
    {
        if (signal >= SCALAR_FIELD_ORDER) revert SignalRange(index, signal);
        uint256[4] memory words;
        (words[0], words[1], words[2]) = (pointX, pointY, signal);
        bool success;
        assembly ("memory-safe") {
            // Address 7 multiplies (EIP-196): x, y, scalar; the product goes where the next addition takes it.
            success := staticcall(gas(), 7, words, 96, add(words, 64), 64)
        }
        // The key's points are on their curve: only gas can have been missing.
        if (!success) revert InsufficientGas(gasleft(), PAIRING_GAS + GAS_AROUND);
        (words[0], words[1]) = (x, y);
        assembly ("memory-safe") {
            // Address 6 adds (EIP-196): x, y, x', y'.
            success := staticcall(gas(), 6, words, 128, words, 64)
        }
        if (!success) revert InsufficientGas(gasleft(), PAIRING_GAS + GAS_AROUND);
        return (words[0], words[1]);
    }

    /// @dev e(−A, B) · e(alpha, beta) · e(X, gamma) · e(C, delta) = 1.
    function _isProductOne(uint256[24] memory pairs) private view returns (bool) {
        uint256 needed = PAIRING_GAS + GAS_AROUND;
        // All but one 64th can be passed on (EIP-150).
        if (gasleft() - gasleft() / 64 < needed) revert InsufficientGas(gasleft(), needed);
        uint256[1] memory result;
        bool success;
        assembly ("memory-safe") {
            // Address 8 checks a product of pairings (EIP-197). Its price is known: a failure costs no more.
            success := staticcall(PAIRING_GAS, 8, pairs, 768, result, 32)
        }
        if (!success) revert ProofPoint();
        return result[0] == 1;
    }

    function _coordinate(uint256 value) private pure returns (uint256) {
        if (value >= BASE_FIELD_ORDER) revert ProofCoordinate(value);
        return value;
    }
}
`;
}

function requireName(name: string): void {
  if (/^[A-Za-z_]\w{0,63}$/.test(name)) return;
  throw new InputError({
    code: 'CONTRACTS_CONTRACT_NAME',
    what: 'this is no name for a contract',
    expected: 'up to 64 letters, digits and underscores, no digit first',
  });
}

function wordsOf(encoded: string): string[] {
  return encoded.slice(2).match(/.{64}/g) ?? [];
}

/** One constant for each word of the key, in the order of its encoding. */
function constants(words: readonly string[]): string {
  const names = ['ALPHA_X', 'ALPHA_Y', ...['BETA', 'GAMMA', 'DELTA'].flatMap(pointNames)];
  return words
    .map((word, i) => {
      const name = names[i] ?? `IC_${(i - names.length) >> 1}_${i % 2 === 0 ? 'X' : 'Y'}`;
      return `    uint256 private constant ${name} = 0x${word};`;
    })
    .join('\n');
}

function pointNames(point: string): string[] {
  return ['X_IMAGINARY', 'X_REAL', 'Y_IMAGINARY', 'Y_REAL'].map((part) => `${point}_${part}`);
}

function assignments(names: readonly string[], first: number): string {
  return names.map((name, i) => `        pairs[${first + i}] = ${name};`).join('\n');
}

function additions(signals: number): string {
  return Array.from({ length: signals }, (_, i) => {
    const point = `IC_${i + 1}_X, IC_${i + 1}_Y`;
    return `        (x, y) = _addProduct(x, y, ${point}, ${i}, signals[${i}]);`;
  }).join('\n');
}
