// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {SCALAR_FIELD_ORDER} from "../libraries/Bn254.sol";
import {Statement} from "../libraries/Statement.sol";
import {RequestFreeze} from "./RequestFreeze.sol";
import {RequestStore} from "./RequestStore.sol";

/// @title Taking requests: terms, input, payment
abstract contract RequestIntake is RequestStore, RequestFreeze {
    /// @notice Most gas of a callback. A dozen of this size fit into one transaction of 2^24 gas (EIP-7825), fewer than a batch has
    ///   items: who submits sums up limits.
    uint32 public constant MAX_CALLBACK_GAS = 1_000_000;
    /// @notice Furthest deadline from now, in seconds: prices and keys do not keep for ever.
    uint64 public constant MAX_DURATION = 30 days;

    /// @inheritdoc IInferenceCoprocessor
    function requestInference(RequestTerms calldata terms, InputSource calldata input)
        external
        payable
        admittedInCallbacks
        returns (bytes32 requestId)
    {
        if (requestsFrozen) revert RequestsAreFrozen();
        RequestTerms memory filled = terms;
        _requireRanges(filled);
        filled.inputHash = _requireModel(filled, input.words);

        requestId = Statement.requestId(block.chainid, address(this), msg.sender, filled);
        if (_requests[requestId].status != RequestStatus.None) revert RequestExists(requestId);
        _takePayment(filled);
        _store(requestId, filled);
        emit InferenceRequested(requestId, msg.sender, filled.modelId, filled, input.words, input.uri);
    }

    /// @inheritdoc IInferenceCoprocessor
    function requestIdOf(address requester, RequestTerms calldata terms) external view returns (bytes32) {
        return Statement.requestId(block.chainid, address(this), requester, terms);
    }

    function _requireRanges(RequestTerms memory terms) private view {
        if (terms.refundAddress == address(0)) revert ZeroAddress();
        if (terms.deadline <= block.timestamp || terms.deadline > block.timestamp + MAX_DURATION) {
            revert DeadlineRange(terms.deadline);
        }
        bool halfSet = (terms.callbackGasLimit == 0) != (terms.callbackGasPrice == 0);
        if (halfSet || terms.callbackGasLimit > MAX_CALLBACK_GAS) revert CallbackTerms();
        if (terms.inputHash >= SCALAR_FIELD_ORDER) revert InputHashRange(terms.inputHash);
    }

    /// @return The inputHash of the terms, or of the words where the terms leave it to this contract.
    function _requireModel(RequestTerms memory terms, uint256[] calldata words) private view returns (uint256) {
        (
            IModelRegistry.ModelState state,,
            IModelRegistry.TensorSpec memory inputSpec,
            IModelRegistry.TensorSpec memory outputSpec
        ) = REGISTRY.verificationTerms(terms.modelId);
        if (state != IModelRegistry.ModelState.Active) revert ModelNotActive(terms.modelId);
        uint96 price = REGISTRY.price(terms.modelId, terms.token);
        if (terms.modelPrice != price) revert ModelPriceChanged(terms.modelPrice, price);
        if (terms.delivery == Delivery.Values && outputSpec.words > Statement.MAX_WORDS) {
            revert DeliveryTooLarge(outputSpec.words);
        }
        return _inputHash(terms.inputHash, words, inputSpec);
    }

    function _inputHash(uint256 named, uint256[] calldata words, IModelRegistry.TensorSpec memory spec)
        private
        view
        returns (uint256)
    {
        if (words.length != spec.words && (words.length != 0 || named == 0)) {
            revert InputWords(words.length, spec.words);
        }
        if (words.length > Statement.MAX_WORDS && named == 0) revert InputWords(words.length, Statement.MAX_WORDS);
        if (words.length == 0 || words.length > Statement.MAX_WORDS) return named;
        uint256 committed = Statement.commitInput(POSEIDON, spec, words, Statement.OPEN_INPUT_SALT);
        if (named != 0 && named != committed) revert InputHashMismatch(named, committed);
        return committed;
    }

    function _takePayment(RequestTerms memory terms) private {
        uint256 price = uint256(terms.modelPrice) + terms.workerFee;
        uint256 callbackMoney = uint256(terms.callbackGasLimit) * terms.callbackGasPrice;
        uint256 expected = terms.token == CURRENCY ? price + callbackMoney : callbackMoney;
        if (msg.value != expected) revert PaymentMismatch(msg.value, expected);
        _takeIntoEscrow(terms.token, price);
        _takeIntoEscrow(CURRENCY, callbackMoney);
    }

    function _store(bytes32 requestId, RequestTerms memory terms) private {
        Request storage stored = _requests[requestId];
        stored.status = RequestStatus.Open;
        stored.delivery = terms.delivery;
        stored.requester = msg.sender;
        stored.createdAt = uint64(block.timestamp);
        stored.refundAddress = terms.refundAddress;
        stored.workerFee = terms.workerFee;
        stored.token = terms.token;
        stored.modelPrice = terms.modelPrice;
        stored.deadline = terms.deadline;
        stored.callbackGasPrice = terms.callbackGasPrice;
        stored.callbackGasLimit = terms.callbackGasLimit;
        stored.modelId = terms.modelId;
        stored.inputHash = terms.inputHash;
    }
}
