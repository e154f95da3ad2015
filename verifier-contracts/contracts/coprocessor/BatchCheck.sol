// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {FulfilmentCheck} from "./FulfilmentCheck.sol";

/// @title Checking many fulfilments at once without letting one spoil the others
abstract contract BatchCheck is FulfilmentCheck {
    /// @notice Most items of a batch.
    uint256 public constant MAX_BATCH = 16;

    /// @return keyHashes Of the eligible items; zero for those that are skipped.
    function _eligibleKeys(Fulfilment[] calldata items) internal returns (bytes32[] memory keyHashes) {
        keyHashes = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            Eligibility memory eligibility = _eligibility(items[i]);
            if (eligibility.granted) keyHashes[i] = eligibility.keyHash;
            else emit FulfilmentSkipped(items[i].requestId, eligibility.reason);
        }
    }

    /// @dev Items of one key are checked by one equation, and one by one when that does not hold: a wrong item harms none but
    ///   itself. Consumes `keyHashes`.
    function _proveBatch(Fulfilment[] calldata items, bytes32[] memory keyHashes)
        internal
        returns (bool[] memory proved)
    {
        proved = new bool[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            bytes32 keyHash = keyHashes[i];
            if (keyHash == 0) continue;
            uint256[] memory group = _takeGroup(keyHashes, i);
            bool together = group.length > 1 && _isGroupProved(items, group, keyHash);
            for (uint256 j = 0; j < group.length; ++j) {
                Fulfilment calldata item = items[group[j]];
                proved[group[j]] = together || _isProved(item, keyHash);
                if (!proved[group[j]]) emit FulfilmentSkipped(item.requestId, SkipReason.InvalidProof);
            }
        }
    }

    /// @return group The indices from `first` on that have its key; these are set to zero.
    function _takeGroup(bytes32[] memory keyHashes, uint256 first) private pure returns (uint256[] memory group) {
        bytes32 keyHash = keyHashes[first];
        uint256 size;
        for (uint256 i = first; i < keyHashes.length; ++i) {
            if (keyHashes[i] == keyHash) ++size;
        }
        group = new uint256[](size);
        for (uint256 i = keyHashes.length; size > 0;) {
            if (keyHashes[--i] != keyHash) continue;
            group[--size] = i;
            keyHashes[i] = 0;
        }
    }

    function _isGroupProved(Fulfilment[] calldata items, uint256[] memory group, bytes32 keyHash)
        private
        view
        returns (bool)
    {
        uint256[8][] memory proofs = new uint256[8][](group.length);
        uint256[][] memory signals = new uint256[][](group.length);
        for (uint256 i = 0; i < group.length; ++i) {
            proofs[i] = items[group[i]].proof;
            signals[i] = _signals(items[group[i]]);
        }
        try VERIFIER.verifyBatch(keyHash, proofs, signals) returns (bool valid) {
            return valid;
        } catch (bytes memory reason) {
            return _isProofAfter(reason);
        }
    }

    function _isProved(Fulfilment calldata item, bytes32 keyHash) private view returns (bool) {
        try VERIFIER.verify(keyHash, item.proof, _signals(item)) returns (bool valid) {
            return valid;
        } catch (bytes memory reason) {
            return _isProofAfter(reason);
        }
    }

    /// @dev A malformed proof is an invalid one. Everything else that the verifier reverts with, a lack of gas above all (also without
    ///   any reason), says nothing about the proof and is passed on: else whoever starves a batch could have items skipped.
    function _isProofAfter(bytes memory reason) private pure returns (bool) {
        // forge-lint: disable-next-line(unsafe-typecast)
        bytes4 selector = bytes4(reason);
        if (selector == IGroth16Verifier.ProofCoordinate.selector) return false;
        if (selector == IGroth16Verifier.ProofPoint.selector) return false;
        LowLevelCall.bubbleRevert(reason);
    }
}
