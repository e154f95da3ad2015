// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {SCALAR_FIELD_ORDER} from "../libraries/Bn254.sol";
import {Statement} from "../libraries/Statement.sol";
import {RequestStore} from "./RequestStore.sol";

/// @title What a fulfilment must be, before and beside its proof
/// @dev Every public signal is derived here, none is taken unchecked from whoever brings the proof.
abstract contract FulfilmentCheck is RequestStore {
    /// @notice Checks proofs.
    IGroth16Verifier public immutable VERIFIER;

    /// @dev Outcome of everything that is checked before the proof.
    struct Eligibility {
        bool granted;
        SkipReason reason;
        bytes32 keyHash;
    }

    constructor(IGroth16Verifier verifier) {
        if (address(verifier) == address(0)) revert ZeroAddress();
        VERIFIER = verifier;
    }

    /// @inheritdoc IInferenceCoprocessor
    function binderOf(bytes32 requestId, address payee) external view returns (uint256) {
        return Statement.binder(block.chainid, address(this), requestId, _known(requestId).modelId, payee);
    }

    function _eligibility(Fulfilment calldata item) internal view returns (Eligibility memory) {
        Request storage stored = _requests[item.requestId];
        if (stored.status == RequestStatus.None) return _ineligible(SkipReason.Unknown);
        if (stored.status != RequestStatus.Open) return _ineligible(SkipReason.Done);
        if (item.payee == address(0)) return _ineligible(SkipReason.NoPayee);
        (IModelRegistry.ModelState state, bytes32 keyHash,, IModelRegistry.TensorSpec memory outputSpec) =
            REGISTRY.verificationTerms(stored.modelId);
        if (state != IModelRegistry.ModelState.Active) return _ineligible(SkipReason.ModelInactive);
        if (_isLate(stored)) return _ineligible(SkipReason.Late);
        if (!_isDelivered(item, stored.delivery, outputSpec)) return _ineligible(SkipReason.OutputMismatch);
        return Eligibility({granted: true, reason: SkipReason.Unknown, keyHash: keyHash});
    }

    function _refuse(Fulfilment calldata item, SkipReason reason) internal view {
        Request storage stored = _requests[item.requestId];
        if (reason == SkipReason.Unknown) revert RequestUnknown(item.requestId);
        if (reason == SkipReason.Done) revert RequestNotOpen(item.requestId, stored.status);
        if (reason == SkipReason.NoPayee) revert ZeroAddress();
        if (reason == SkipReason.ModelInactive) revert ModelNotActive(stored.modelId);
        if (reason == SkipReason.Late) revert DeadlinePassed(item.requestId, _effectiveDeadline(stored));
        if (item.outputHash >= SCALAR_FIELD_ORDER) revert OutputHashRange(item.outputHash);
        revert OutputMismatch(item.requestId);
    }

    /// @dev [outputHash, inputHash, binder]: none of them is taken from the proof's bringer unchecked.
    function _signals(Fulfilment calldata item) internal view returns (uint256[] memory signals) {
        Request storage stored = _requests[item.requestId];
        signals = new uint256[](3);
        signals[0] = item.outputHash;
        signals[1] = stored.inputHash;
        signals[2] = Statement.binder(block.chainid, address(this), item.requestId, stored.modelId, item.payee);
    }

    function _ineligible(SkipReason reason) private pure returns (Eligibility memory eligibility) {
        eligibility.reason = reason;
    }

    /// @dev Every word and the salt are looked at before hashing: what is not below r would open to something else.
    function _isDelivered(Fulfilment calldata item, Delivery delivery, IModelRegistry.TensorSpec memory spec)
        private
        view
        returns (bool)
    {
        uint256[] calldata words = item.outputWords;
        if (item.outputHash >= SCALAR_FIELD_ORDER) return false;
        if (delivery == Delivery.Commitment) return words.length == 0 && item.outputSalt == 0;
        if (words.length != spec.words || item.outputSalt >= SCALAR_FIELD_ORDER) return false;
        for (uint256 i = 0; i < words.length; ++i) {
            if (words[i] >= SCALAR_FIELD_ORDER) return false;
        }
        return Statement.commitOutput(POSEIDON, spec, words, item.outputSalt) == item.outputHash;
    }
}
