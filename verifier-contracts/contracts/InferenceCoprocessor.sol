// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BatchCheck} from "./coprocessor/BatchCheck.sol";
import {CallbackRunner} from "./coprocessor/CallbackRunner.sol";
import {FulfilmentCheck} from "./coprocessor/FulfilmentCheck.sol";
import {RequestIntake} from "./coprocessor/RequestIntake.sol";
import {RequestStore} from "./coprocessor/RequestStore.sol";
import {GuardedRoles} from "./GuardedRoles.sol";
import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {IInferenceCoprocessor} from "./interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IPoseidon} from "./interfaces/IPoseidon.sol";
import {ISequencerUptimeFeed} from "./interfaces/ISequencerUptimeFeed.sol";

/// @title Escrow, proof checking, payout, callback and refund of inference requests
/// @dev Immutable, without a proxy: nobody can change the terms of open requests. The guardian and the admin decide about new
///   requests alone here; at the registry they and a model's owner can stop the model, which makes its open requests
///   refundable instead of payable, never anything else. Registry, verifier and hash are contracts of this project;
///   tokens, requesters, recipients and the feed are trusted with nothing.
contract InferenceCoprocessor is RequestIntake, BatchCheck, CallbackRunner {
    /// @dev A royalty of 10,000 basis points is the whole price.
    uint256 private constant BASIS_POINTS = 10_000;

    mapping(address payee => PayeeRecord) private _payeeRecords;

    struct PayeeRecord {
        uint64 fulfilled;
        uint64 totalLatency;
    }

    /// @param sequencerFeed Zero on chains without a sequencer.
    constructor(
        IModelRegistry registry,
        IGroth16Verifier verifier,
        IPoseidon poseidon,
        ISequencerUptimeFeed sequencerFeed,
        address admin,
        address firstGuardian
    ) RequestStore(registry, poseidon, sequencerFeed) GuardedRoles(admin, firstGuardian) FulfilmentCheck(verifier) {}

    /// @inheritdoc IInferenceCoprocessor
    function fulfill(Fulfilment calldata item) external exclusive {
        Eligibility memory eligibility = _eligibility(item);
        if (!eligibility.granted) _refuse(item, eligibility.reason);
        bool valid = VERIFIER.verify(eligibility.keyHash, item.proof, _signals(item));
        if (!valid) revert InvalidProof(item.requestId);
        _settle(item);
        _callBackFirst(item.requestId);
    }

    /// @inheritdoc IInferenceCoprocessor
    function fulfillBatch(Fulfilment[] calldata items) external exclusive returns (uint256 fulfilled) {
        if (items.length == 0 || items.length > MAX_BATCH) revert BatchSize(items.length, MAX_BATCH);
        bool[] memory proved = _proveBatch(items, _eligibleKeys(items));
        uint256 callbackGas;
        for (uint256 i = 0; i < items.length; ++i) {
            if (!proved[i]) continue;
            // An earlier item of this batch may have fulfilled the same request.
            proved[i] = _requests[items[i].requestId].status == RequestStatus.Open;
            if (!proved[i]) {
                emit FulfilmentSkipped(items[i].requestId, SkipReason.Done);
                continue;
            }
            _settle(items[i]);
            ++fulfilled;
            callbackGas += _callbackGasNeeded(items[i].requestId);
        }
        _requireCallbackGas(callbackGas);
        for (uint256 i = 0; i < items.length; ++i) {
            if (proved[i]) _callBackFirst(items[i].requestId);
        }
    }

    /// @inheritdoc IInferenceCoprocessor
    function payeeRecord(address payee) external view returns (uint64 fulfilled, uint64 totalLatency) {
        return (_payeeRecords[payee].fulfilled, _payeeRecords[payee].totalLatency);
    }

    function _settle(Fulfilment calldata item) private {
        Request storage stored = _requests[item.requestId];
        stored.status = RequestStatus.Fulfilled;
        if (stored.callbackGasLimit != 0) stored.callbackStatus = CallbackStatus.Running;
        stored.fulfilledAt = uint64(block.timestamp);
        stored.deliveredWords = uint8(item.outputWords.length);
        stored.outputHash = item.outputHash;
        stored.payee = item.payee;
        for (uint256 i = 0; i < item.outputWords.length; ++i) {
            _outputWords[item.requestId][i] = item.outputWords[i];
        }
        PayeeRecord storage record = _payeeRecords[item.payee];
        ++record.fulfilled;
        record.totalLatency += uint64(block.timestamp) - stored.createdAt;
        emit InferenceFulfilled(
            item.requestId, item.payee, stored.modelId, item.outputHash, item.outputWords, msg.sender
        );
        _payOut(item.requestId, stored);
    }

    /// @dev What rounding leaves of the royalty goes to the owner.
    function _payOut(bytes32 requestId, Request storage stored) private {
        address token = stored.token;
        uint256 modelPrice = stored.modelPrice;
        (address owner, IModelRegistry.Royalty memory royalty) = REGISTRY.payoutTerms(stored.modelId);
        uint256 share = modelPrice * royalty.basisPoints / BASIS_POINTS;
        _releaseFromEscrow(token, _price(stored));
        _credit(stored.payee, token, stored.workerFee, requestId);
        _credit(owner, token, modelPrice - share, requestId);
        _credit(royalty.receiver, token, share, requestId);
    }
}
