// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceConsumer} from "../interfaces/IInferenceConsumer.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {CappedCall} from "../libraries/CappedCall.sol";
import {RequestStore} from "./RequestStore.sol";

/// @title Callbacks to requesters: exact gas, isolated failures, retries
/// @dev A requester asked to be called, so this contract cannot be made to call anybody who did not.
abstract contract CallbackRunner is RequestStore {
    /// @dev What is kept of a failed callback's revert data.
    uint256 private constant MAX_REASON_BYTES = 128;
    /// @dev Gas that must be left after a callback for its result to be recorded: two new balances at 22,100, four events
    ///   and three words that change.
    uint256 private constant RECORD_CALLBACK_GAS = 75_000;

    /// @inheritdoc IInferenceCoprocessor
    function retryCallback(bytes32 requestId) external exclusive {
        Request storage stored = _known(requestId);
        if (stored.callbackStatus != CallbackStatus.Failed) revert NoCallbackToRetry(requestId);
        stored.callbackStatus = CallbackStatus.Running;
        _callBack(requestId, stored);
    }

    /// @dev Called before each callback, and for all of a batch before the first: otherwise the gas that a batch needs would depend
    ///   on what its callbacks burn, and one that burns more than when the submitter estimated the gas would revert all items.
    function _requireCallbackGas(uint256 needed) internal view {
        uint256 left = gasleft();
        if (left < needed) revert InsufficientCallbackGas(left, needed);
    }

    /// @dev Gas from which a request's callback gets its whole limit and has its outcome recorded, whatever it burns.
    function _callbackGasNeeded(bytes32 requestId) internal view returns (uint256) {
        uint256 gasLimit = _requests[requestId].callbackGasLimit;
        return gasLimit == 0 ? 0 : CappedCall.gasNeeded(gasLimit) + RECORD_CALLBACK_GAS;
    }

    /// @dev The callback that the escrowed gas money pays for. The payee is repaid what was used; the rest goes back.
    function _callBackFirst(bytes32 requestId) internal {
        Request storage stored = _requests[requestId];
        if (stored.callbackGasLimit == 0) return;
        uint256 gasUsed = _callBack(requestId, stored);
        uint256 gasPrice = tx.gasprice < stored.callbackGasPrice ? tx.gasprice : stored.callbackGasPrice;
        uint256 earned = gasUsed * gasPrice;
        uint256 money = _callbackMoney(stored);
        _releaseFromEscrow(CURRENCY, money);
        _credit(stored.payee, CURRENCY, earned, requestId);
        _credit(stored.refundAddress, CURRENCY, money - earned, requestId);
    }

    /// @dev Too little gas reverts the whole transaction: nobody can have a callback fail by starving it. Where no contract is,
    ///   nobody was called back.
    /// @return gasUsed At most the callback's gas limit.
    function _callBack(bytes32 requestId, Request storage stored) private returns (uint256 gasUsed) {
        address target = stored.requester;
        uint256 gasLimit = stored.callbackGasLimit;
        bytes memory data = abi.encodeCall(
            IInferenceConsumer.onInference,
            (requestId, stored.modelId, stored.outputHash, _deliveredWords(requestId, stored))
        );
        bool success;
        bytes memory reason;
        if (target.code.length != 0) (success, gasUsed, reason) = _callTarget(target, gasLimit, data);
        if (gasUsed > gasLimit) gasUsed = gasLimit;
        if (success) {
            stored.callbackStatus = CallbackStatus.Succeeded;
            emit CallbackSucceeded(requestId, gasUsed);
        } else {
            stored.callbackStatus = CallbackStatus.Failed;
            emit CallbackFailed(requestId, gasUsed, reason);
        }
    }

    function _callTarget(address target, uint256 gasLimit, bytes memory data)
        private
        callingBack
        returns (bool success, uint256 gasUsed, bytes memory reason)
    {
        uint256 left = gasleft();
        _requireCallbackGas(CappedCall.gasNeeded(gasLimit) + RECORD_CALLBACK_GAS);
        (success, reason) = CappedCall.callWith(target, gasLimit, data, MAX_REASON_BYTES);
        gasUsed = left - gasleft();
    }
}
