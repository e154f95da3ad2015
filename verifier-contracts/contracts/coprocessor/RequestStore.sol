// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IPoseidon} from "../interfaces/IPoseidon.sol";
import {ISequencerUptimeFeed} from "../interfaces/ISequencerUptimeFeed.sol";
import {SequencerClock} from "../libraries/SequencerClock.sol";
import {EscrowLedger} from "./EscrowLedger.sol";

/// @title The requests: what was asked, until when, and the money back
abstract contract RequestStore is EscrowLedger {
    /// @notice Where models, their keys and their prices are.
    IModelRegistry public immutable REGISTRY;
    /// @notice Hashes commitments to inputs and outputs.
    IPoseidon public immutable POSEIDON;
    /// @notice Tells when the sequencer was down; zero: there is none.
    ISequencerUptimeFeed public immutable SEQUENCER_FEED;

    mapping(bytes32 requestId => Request) internal _requests;
    mapping(bytes32 requestId => mapping(uint256 index => uint256)) internal _outputWords;

    constructor(IModelRegistry registry, IPoseidon poseidon, ISequencerUptimeFeed sequencerFeed) {
        if (address(registry) == address(0) || address(poseidon) == address(0)) revert ZeroAddress();
        REGISTRY = registry;
        POSEIDON = poseidon;
        SEQUENCER_FEED = sequencerFeed;
    }

    /// @inheritdoc IInferenceCoprocessor
    function refund(bytes32 requestId) external exclusive {
        Request storage stored = _known(requestId);
        if (stored.status != RequestStatus.Open) revert RequestNotOpen(requestId, stored.status);
        (IModelRegistry.ModelState state,,,) = REGISTRY.verificationTerms(stored.modelId);
        if (state == IModelRegistry.ModelState.Active && !_isLate(stored)) {
            revert NotRefundable(requestId, _effectiveDeadline(stored));
        }
        stored.status = RequestStatus.Refunded;
        emit RequestRefunded(requestId, stored.refundAddress, msg.sender);
        _repay(requestId, stored, stored.token, _price(stored));
        _repay(requestId, stored, CURRENCY, _callbackMoney(stored));
    }

    /// @inheritdoc IInferenceCoprocessor
    function request(bytes32 requestId) external view returns (Request memory) {
        return _known(requestId);
    }

    /// @inheritdoc IInferenceCoprocessor
    function output(bytes32 requestId) external view returns (uint256 outputHash, uint256[] memory outputWords) {
        Request storage stored = _known(requestId);
        if (stored.status != RequestStatus.Fulfilled) revert RequestNotOpen(requestId, stored.status);
        return (stored.outputHash, _deliveredWords(requestId, stored));
    }

    /// @inheritdoc IInferenceCoprocessor
    function effectiveDeadline(bytes32 requestId) external view returns (uint256) {
        return _effectiveDeadline(_known(requestId));
    }

    /// @dev The feed is not asked where its answer cannot matter: no feed can keep a refund back for longer than its cap.
    function _isLate(Request storage stored) internal view returns (bool) {
        uint256 deadline = stored.deadline;
        if (block.timestamp <= deadline) return false;
        if (block.timestamp > deadline + SequencerClock.MAX_EXTENSION) return true;
        return block.timestamp > _effectiveDeadline(stored);
    }

    function _effectiveDeadline(Request storage stored) internal view returns (uint256) {
        uint256 deadline = stored.deadline;
        return deadline + SequencerClock.extension(SEQUENCER_FEED, stored.createdAt, deadline);
    }

    function _deliveredWords(bytes32 requestId, Request storage stored) internal view returns (uint256[] memory words) {
        words = new uint256[](stored.deliveredWords);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = _outputWords[requestId][i];
        }
    }

    function _price(Request storage stored) internal view returns (uint256) {
        return uint256(stored.modelPrice) + stored.workerFee;
    }

    function _callbackMoney(Request storage stored) internal view returns (uint256) {
        return uint256(stored.callbackGasLimit) * stored.callbackGasPrice;
    }

    function _known(bytes32 requestId) internal view returns (Request storage stored) {
        stored = _requests[requestId];
        if (stored.status == RequestStatus.None) revert RequestUnknown(requestId);
    }

    function _repay(bytes32 requestId, Request storage stored, address token, uint256 amount) private {
        _releaseFromEscrow(token, amount);
        _credit(stored.refundAddress, token, amount, requestId);
    }
}
