// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER} from "./Bn254.sol";
import {Bn254Pairs} from "./Bn254Pairs.sol";
import {Bn254Precompiles} from "./Bn254Precompiles.sol";

/// @title A Groth16 verification key as words in memory, and what must hold for it
library VerificationKey {
    // Where the points begin in the key's words.
    uint256 internal constant ALPHA = 0;
    uint256 internal constant BETA = 2;
    uint256 internal constant GAMMA = 6;
    uint256 internal constant DELTA = 10;
    uint256 internal constant IC = 14;

    uint256 private constant G1_WORDS = 2;
    uint256 private constant G2_WORDS = 4;
    /// @dev One signal at least: an IC entry for it and one for the constant.
    uint256 private constant MIN_BYTES = (IC + 2 * G1_WORDS) * 32;
    /// @dev EIP-170, less the byte before the key: 375 signals.
    uint256 private constant MAX_BYTES = 24_576 - 1;

    // x of the generator of G2 (EIP-197), imaginary part first.
    uint256 private constant GENERATOR_X_IMAGINARY = 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 private constant GENERATOR_X_REAL = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;

    /// @notice The words of an encoded key. Reverts with KeyLength.
    function decode(bytes calldata key) internal pure returns (uint256[] memory words) {
        bool isWhole = key.length % (32 * G1_WORDS) == 0;
        if (!isWhole || key.length < MIN_BYTES || key.length > MAX_BYTES) {
            revert IGroth16Verifier.KeyLength(key.length);
        }
        words = new uint256[](key.length / 32);
        assembly ("memory-safe") {
            calldatacopy(add(words, 0x20), key.offset, key.length)
        }
    }

    /// @notice The words of the key in the code of a data contract, behind its first byte.
    function read(address pointer) internal view returns (uint256[] memory words) {
        // Not `new uint256[]`: that would clear what is overwritten anyway.
        assembly ("memory-safe") {
            let size := sub(extcodesize(pointer), 1)
            words := mload(0x40)
            let start := add(words, 0x20)
            mstore(0x40, add(start, size))
            mstore(words, div(size, 32))
            extcodecopy(pointer, start, 1, size)
        }
    }

    /// @notice How many public signals a key has.
    function signalCount(uint256[] memory key) internal pure returns (uint256) {
        unchecked {
            return (key.length - IC) / G1_WORDS - 1;
        }
    }

    /// @notice sum += scalar · IC_entry, entry 0 being the constant's.
    /// @dev `entry` is at most the number of signals.
    function addMultipleOfIc(uint256[2] memory sum, uint256[] memory key, uint256 entry, uint256 scalar) internal view {
        unchecked {
            (uint256 x, uint256 y) = pointOfG1(key, IC + G1_WORDS * entry);
            Bn254Precompiles.mulAdd(sum, x, y, scalar);
        }
    }

    /// @notice The point that begins at word `first`; not bounds-checked: callers stay within the key.
    function pointOfG1(uint256[] memory key, uint256 first) internal pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            let point := add(add(key, 0x20), mul(first, 0x20))
            x := mload(point)
            y := mload(add(point, 0x20))
        }
    }

    /// @notice Reverts with the reason why these words are no key that proofs may be checked under.
    /// @dev A key may still be dishonest: whoever ran its setup alone can forge. This refuses what anyone can forge under.
    function check(uint256[] memory key) internal view {
        for (uint256 i = 0; i < key.length; ++i) {
            if (key[i] >= BASE_FIELD_ORDER) revert IGroth16Verifier.KeyCoordinate(i);
        }
        _checkG1(key, ALPHA);
        for (uint256 i = IC; i < key.length; i += G1_WORDS) {
            _checkG1(key, i);
        }
        for (uint256 i = BETA; i < IC; i += G2_WORDS) {
            _checkG2(key, i);
        }
        _checkRelations(key);
    }

    function _checkG1(uint256[] memory key, uint256 first) private pure {
        (uint256 x, uint256 y) = pointOfG1(key, first);
        if ((x | y) == 0 || !Bn254Precompiles.isPoint(x, y)) revert IGroth16Verifier.KeyPoint(first);
    }

    /// @dev The pairing with infinity is one for each point of the subgroup; the precompile fails for others. Where a chain has
    ///   no such precompile nothing is returned, and no key is stored.
    function _checkG2(uint256[] memory key, uint256 first) private view {
        bool isInfinity = (key[first] | key[first + 1] | key[first + 2] | key[first + 3]) == 0;
        uint256[] memory pair = Bn254Pairs.allocate(1);
        Bn254Pairs.setQ(pair, 0, key, first);
        (, bool isOne) = Bn254Precompiles.pairing(pair);
        if (isInfinity || !isOne) revert IGroth16Verifier.KeyPoint(first);
    }

    /// @dev Points with the same x are equal or opposite; an honest setup never makes two. What each would allow, with
    ///   X = IC_0 + Σ signal_j·IC_j and O infinity, up to signs:
    ///   delta = gamma: (alpha, beta, −X) proves anything; delta = generator: nobody contributed either.
    ///   beta = gamma:  (alpha + X, beta, O) proves anything.
    ///   beta = delta:  (X, gamma, −alpha) proves anything.
    ///   IC_i = IC_j:   a proof of (s_i, s_j) also proves (s_j, s_i) and every other pair of the same sum.
    ///   alpha = IC_0:  (alpha, beta + gamma, O) proves that all signals are 0.
    function _checkRelations(uint256[] memory key) private pure {
        if (_hasX(key, DELTA, key[GAMMA], key[GAMMA + 1])) revert IGroth16Verifier.KeyWithoutContribution();
        if (_hasX(key, DELTA, GENERATOR_X_IMAGINARY, GENERATOR_X_REAL)) {
            revert IGroth16Verifier.KeyDeltaIsGenerator();
        }
        if (_hasX(key, GAMMA, key[BETA], key[BETA + 1])) revert IGroth16Verifier.KeyPointRepeated(GAMMA);
        if (_hasX(key, DELTA, key[BETA], key[BETA + 1])) revert IGroth16Verifier.KeyPointRepeated(DELTA);
        for (uint256 i = IC; i < key.length; i += G1_WORDS) {
            if (key[i] == key[ALPHA]) revert IGroth16Verifier.KeyPointRepeated(i);
            for (uint256 earlier = IC; earlier < i; earlier += G1_WORDS) {
                if (key[i] == key[earlier]) revert IGroth16Verifier.KeyPointRepeated(i);
            }
        }
    }

    /// @dev Whether the point of G2 that begins at word `first` has this x.
    function _hasX(uint256[] memory key, uint256 first, uint256 imaginary, uint256 real) private pure returns (bool) {
        return key[first] == imaginary && key[first + 1] == real;
    }
}
