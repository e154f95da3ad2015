// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a contract that requests inferences with a callback implements
interface IInferenceConsumer {
    /// @notice Called by the coprocessor once the proof of a request of this contract was accepted.
    /// @dev May be called with less than the whole transaction's gas, exactly the request's callbackGasLimit. A revert costs
    ///   only the callback: the result stays stored and anyone may retry. Check msg.sender: `InferenceConsumer` does.
    /// @param outputWords The packed output (delivery VALUES), else empty (delivery COMMITMENT).
    function onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] calldata outputWords)
        external;
}
