// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VerificationKeyData} from "./VerificationKeyData.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER, SCALAR_FIELD_ORDER} from "./libraries/Bn254.sol";
import {Bn254Pairs} from "./libraries/Bn254Pairs.sol";
import {Bn254Precompiles} from "./libraries/Bn254Precompiles.sol";
import {VerificationKey} from "./libraries/VerificationKey.sol";

/// @title One Groth16 verifier over BN254 for every model
/// @dev Jens Groth, On the Size of Pairing-based Non-interactive Arguments, EUROCRYPT 2016 (eprint 2016/260), §3.2:
///   e(A, B) = e(alpha, beta) · e(X, gamma) · e(C, delta), X = IC_0 + Σ signal_j·IC_{j+1}.
///   A proof can be turned into another one of the same statement by anyone, e.g. (r·A, B/r, C): never take a proof's bytes for
///   the identity of anything.
contract Groth16Verifier is IGroth16Verifier {
    /// @dev What a batch adds up to, proof by proof.
    /// @param seed The hash that coefficients are drawn from.
    /// @param pairs For each proof (−z·A, B), then three pairs for the key.
    /// @param icScalars Multiples of the key's IC entries.
    /// @param c Σz·C.
    struct Batch {
        uint256[] key;
        bytes32 seed;
        uint256[] pairs;
        uint256[] icScalars;
        uint256[2] c;
    }

    /// @inheritdoc IGroth16Verifier
    mapping(bytes32 keyHash => address) public keyPointer;

    /// @inheritdoc IGroth16Verifier
    function storeKey(bytes calldata key) external returns (bytes32 keyHash) {
        keyHash = keccak256(key);
        if (keyPointer[keyHash] != address(0)) return keyHash;
        uint256[] memory words = VerificationKey.decode(key);
        VerificationKey.check(words);
        address pointer = address(new VerificationKeyData(key));
        keyPointer[keyHash] = pointer;
        emit KeyStored(keyHash, pointer, VerificationKey.signalCount(words));
    }

    /// @inheritdoc IGroth16Verifier
    function signalCount(bytes32 keyHash) external view returns (uint256) {
        return VerificationKey.signalCount(_readKey(keyHash));
    }

    /// @inheritdoc IGroth16Verifier
    function verify(bytes32 keyHash, uint256[8] calldata proof, uint256[] calldata signals)
        external
        view
        returns (bool)
    {
        uint256[] memory key = _readKey(keyHash);
        _requireSignals(key, signals);
        _requireCoordinates(proof);
        uint256[2] memory x;
        (x[0], x[1]) = VerificationKey.pointOfG1(key, VerificationKey.IC);
        unchecked {
            for (uint256 i = 0; i < signals.length; ++i) {
                VerificationKey.addMultipleOfIc(x, key, i + 1, signals[i]);
            }
        }
        uint256[] memory pairs = Bn254Pairs.allocate(4);
        Bn254Pairs.setP(pairs, 0, proof[0], Bn254Precompiles.negated(proof[1]));
        Bn254Pairs.setQToB(pairs, 0, proof);
        (uint256 alphaX, uint256 alphaY) = VerificationKey.pointOfG1(key, VerificationKey.ALPHA);
        Bn254Pairs.setP(pairs, 1, alphaX, alphaY);
        Bn254Pairs.setP(pairs, 2, x[0], x[1]);
        Bn254Pairs.setP(pairs, 3, proof[6], proof[7]);
        _setKeyPoints(pairs, 1, key);
        return _pairingIsOne(pairs);
    }

    /// @inheritdoc IGroth16Verifier
    /// @dev With coefficients z_i the product over i of proof i's equation to the power z_i is
    ///   Π e(z_i·A_i, B_i) = e(Σz_i·alpha, beta) · e(Σz_i·X_i, gamma) · e(Σz_i·C_i, delta).
    ///   Sound: all points lie in groups of prime order r (A and C by their curve, B by the precompile), so proof i misses its
    ///   equation by g^ε_i for some ε_i modulo r and a fixed g, and the batch passes only if Σz_i·ε_i = 0. If some ε_j ≠ 0 then
    ///   for any other coefficients one z_j modulo r at most satisfies this: one of 2^128, all below r. Since each z_j comes from a
    ///   hash over the key's hash and every word of the batch, whoever changes anything draws all coefficients anew: q tries pass
    ///   a wrong batch with probability q/2^128 at most, less than what breaking BN254 itself costs (about 2^100).
    function verifyBatch(bytes32 keyHash, uint256[8][] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool)
    {
        uint256 count = proofs.length;
        if (count == 0 || count != signals.length) revert BatchLength(count, signals.length);
        Batch memory batch;
        batch.key = _readKey(keyHash);
        batch.seed = keccak256(abi.encode(keyHash, proofs, signals));
        batch.pairs = Bn254Pairs.allocate(count + 3);
        batch.icScalars = new uint256[](VerificationKey.signalCount(batch.key) + 1);
        for (uint256 i = 0; i < count; ++i) {
            _requireSignals(batch.key, signals[i]);
            _requirePoints(proofs[i]);
            uint256 coefficient = uint128(uint256(keccak256(abi.encode(batch.seed, i))));
            _addScaledProof(batch, i, proofs[i], coefficient);
            _addScaledSignals(batch.icScalars, signals[i], coefficient);
        }
        _setKeyPairs(batch, count);
        return _pairingIsOne(batch.pairs);
    }

    function _readKey(bytes32 keyHash) private view returns (uint256[] memory) {
        address pointer = keyPointer[keyHash];
        if (pointer == address(0)) revert UnknownKey(keyHash);
        return VerificationKey.read(pointer);
    }

    /// @dev Signals at or above r would stand for others: s and s + r have the same multiple of a point.
    function _requireSignals(uint256[] memory key, uint256[] calldata signals) private pure {
        uint256 expected = VerificationKey.signalCount(key);
        if (signals.length != expected) revert SignalCount(signals.length, expected);
        unchecked {
            for (uint256 i = 0; i < expected; ++i) {
                uint256 signal = signals[i];
                if (signal >= SCALAR_FIELD_ORDER) revert SignalRange(i, signal);
            }
        }
    }

    function _requireCoordinates(uint256[8] calldata proof) private pure {
        unchecked {
            for (uint256 i = 0; i < 8; ++i) {
                if (proof[i] >= BASE_FIELD_ORDER) revert ProofCoordinate(i);
            }
        }
    }

    /// @dev A and C are multiplied by precompiles, whose failure shall mean a lack of gas alone. B is left to the pairing.
    function _requirePoints(uint256[8] calldata proof) private pure {
        _requireCoordinates(proof);
        if (!Bn254Precompiles.isPoint(proof[0], proof[1])) revert ProofPoint();
        if (!Bn254Precompiles.isPoint(proof[6], proof[7])) revert ProofPoint();
    }

    /// @dev Writes the pair (−z·A, B), adds z·C.
    function _addScaledProof(Batch memory batch, uint256 pair, uint256[8] calldata proof, uint256 coefficient)
        private
        view
    {
        uint256[2] memory a;
        Bn254Precompiles.mulAdd(a, proof[0], Bn254Precompiles.negated(proof[1]), coefficient);
        Bn254Precompiles.mulAdd(batch.c, proof[6], proof[7], coefficient);
        Bn254Pairs.setP(batch.pairs, pair, a[0], a[1]);
        Bn254Pairs.setQToB(batch.pairs, pair, proof);
    }

    function _addScaledSignals(uint256[] memory icScalars, uint256[] calldata signals, uint256 coefficient)
        private
        pure
    {
        uint256 r = SCALAR_FIELD_ORDER;
        icScalars[0] = addmod(icScalars[0], coefficient, r);
        for (uint256 i = 0; i < signals.length; ++i) {
            icScalars[i + 1] = addmod(icScalars[i + 1], mulmod(coefficient, signals[i], r), r);
        }
    }

    /// @dev Writes the pairs (Σz·alpha, beta), (Σz·X, gamma), (Σz·C, delta), `pair` being the first. The constant's IC entry has
    ///   the same scalar as alpha.
    function _setKeyPairs(Batch memory batch, uint256 pair) private view {
        uint256[] memory key = batch.key;
        uint256[2] memory x;
        for (uint256 i = 0; i < batch.icScalars.length; ++i) {
            VerificationKey.addMultipleOfIc(x, key, i, batch.icScalars[i]);
        }
        uint256[2] memory alpha;
        (uint256 alphaX, uint256 alphaY) = VerificationKey.pointOfG1(key, VerificationKey.ALPHA);
        Bn254Precompiles.mulAdd(alpha, alphaX, alphaY, batch.icScalars[0]);
        Bn254Pairs.setP(batch.pairs, pair, alpha[0], alpha[1]);
        Bn254Pairs.setP(batch.pairs, pair + 1, x[0], x[1]);
        Bn254Pairs.setP(batch.pairs, pair + 2, batch.c[0], batch.c[1]);
        _setKeyPoints(batch.pairs, pair, key);
    }

    /// @dev Writes beta, gamma and delta into three pairs.
    function _setKeyPoints(uint256[] memory pairs, uint256 pair, uint256[] memory key) private pure {
        Bn254Pairs.setQ(pairs, pair, key, VerificationKey.BETA);
        Bn254Pairs.setQ(pairs, pair + 1, key, VerificationKey.GAMMA);
        Bn254Pairs.setQ(pairs, pair + 2, key, VerificationKey.DELTA);
    }

    /// @dev Key and sums are known to be points: only A, B or C can make the pairing fail.
    function _pairingIsOne(uint256[] memory pairs) private view returns (bool isOne) {
        bool wellFormed;
        (wellFormed, isOne) = Bn254Precompiles.pairing(pairs);
        if (!wellFormed) revert ProofPoint();
    }
}
