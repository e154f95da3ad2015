// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IInferenceConsumer} from "./interfaces/IInferenceConsumer.sol";
import {IInferenceCoprocessor} from "./interfaces/IInferenceCoprocessor.sol";

/// @title Base of contracts that ask for inferences and are called back
/// @notice Admits an answer from the coprocessor alone, to a request that this contract made, once.
/// @dev An answer may come late: after other answers, after newer requests, after whatever the question was about has changed.
///   It may come in the middle of any transaction whose sender holds the proof: between two steps of this contract's own if
///   one of them calls others, or while a price is bent. What is still of use is for `_onInference` to decide; `_forget`
///   refuses the answer to a request altogether. A request that is not answered is refunded at the coprocessor to the terms'
///   refund address, where that account withdraws it: name whoever paid, or this contract and offer `_withdraw`.
abstract contract InferenceConsumer is IInferenceConsumer {
    using SafeERC20 for IERC20;

    /// @notice The only caller of `onInference`.
    IInferenceCoprocessor public immutable COPROCESSOR;

    mapping(bytes32 requestId => bool) private _awaited;

    error NotTheCoprocessor(address caller);
    /// @notice This contract did not make the request, or was answered already, or awaits the answer no more.
    error NotAwaited(bytes32 requestId);
    error NoCoprocessor();

    constructor(IInferenceCoprocessor coprocessor) {
        if (address(coprocessor).code.length == 0) revert NoCoprocessor();
        COPROCESSOR = coprocessor;
    }

    /// @inheritdoc IInferenceConsumer
    function onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] calldata outputWords)
        external
    {
        if (msg.sender != address(COPROCESSOR)) revert NotTheCoprocessor(msg.sender);
        if (!_awaited[requestId]) revert NotAwaited(requestId);
        // Written before the hook: an answer counts once even if the hook calls others. If it reverts, anyone may retry.
        _awaited[requestId] = false;
        _onInference(requestId, modelId, outputHash, outputWords);
    }

    /// @dev What an answer does. It has the request's callbackGasLimit to do it.
    function _onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] calldata outputWords)
        internal
        virtual;

    /// @dev Makes a request and awaits its answer. This contract pays: in the chain's currency with `value`, in a token out of its
    ///   balance, for which it gives the coprocessor an allowance of exactly price and fee.
    function _request(
        IInferenceCoprocessor.RequestTerms memory terms,
        IInferenceCoprocessor.InputSource memory input,
        uint256 value
    ) internal returns (bytes32 requestId) {
        if (terms.token != address(0)) {
            IERC20(terms.token).forceApprove(address(COPROCESSOR), uint256(terms.modelPrice) + terms.workerFee);
        }
        requestId = COPROCESSOR.requestInference{value: value}(terms, input);
        _awaited[requestId] = true;
    }

    /// @dev From now on the request's answer is refused.
    function _forget(bytes32 requestId) internal {
        _awaited[requestId] = false;
    }

    /// @dev Whether an answer to the request would be admitted.
    function _awaits(bytes32 requestId) internal view returns (bool) {
        return _awaited[requestId];
    }

    /// @dev Sends what the coprocessor owes this contract (refunds, gas money that callbacks did not use) to `to`.
    function _withdraw(address token, address to) internal returns (uint256) {
        return COPROCESSOR.withdraw(token, to);
    }
}
