// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceConsumer} from "../../../contracts/interfaces/IInferenceConsumer.sol";
import {IInferenceCoprocessor} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";

/// @title A requester whose callback does what a test tells it, or any harm it can
contract HostileConsumer is IInferenceConsumer {
    enum Mode {
        Accepts,
        Reverts,
        RevertBomb,
        ReturnBomb,
        BurnsGas,
        Calls
    }

    /// @dev Memory of this size costs about 900,000 gas.
    uint256 private constant BOMB_BYTES = 600_000;
    /// @dev With less, a call inside is left out: forge records the events of what runs out of gas afterwards too.
    uint256 private constant CALL_GAS = 450_000;

    IInferenceCoprocessor private immutable _coprocessor;
    Mode private _mode;
    address private _target;
    bytes private _call;
    uint256 private _callValue;

    /// @notice Callbacks that were not reverted.
    uint256 public calls;
    bytes32 public lastRequestId;
    bytes32 public lastModelId;
    uint256 public lastOutputHash;
    uint256[] public lastWords;
    /// @notice Gas at the callback's beginning.
    uint256 public gasAtEntry;
    /// @notice Outcome of the call that Mode.Calls makes.
    bool public callSucceeded;
    bytes public callReturned;

    constructor(IInferenceCoprocessor coprocessor) {
        _coprocessor = coprocessor;
    }

    receive() external payable {}

    function behave(Mode mode) external {
        _mode = mode;
    }

    /// @notice The call made inside the callback.
    function callInside(address target, uint256 value, bytes calldata data) external {
        (_target, _callValue, _call, _mode) = (target, value, data, Mode.Calls);
    }

    function requestInference(
        IInferenceCoprocessor.RequestTerms calldata terms,
        IInferenceCoprocessor.InputSource calldata input
    ) external payable returns (bytes32) {
        return _coprocessor.requestInference{value: msg.value}(terms, input);
    }

    function onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] calldata outputWords)
        external
    {
        uint256 left = gasleft();
        require(msg.sender == address(_coprocessor), "not the coprocessor");
        _misbehave();
        ++calls;
        (lastRequestId, lastModelId, lastOutputHash, lastWords) = (requestId, modelId, outputHash, outputWords);
        gasAtEntry = left;
    }

    function _misbehave() private {
        Mode mode = _mode;
        if (mode == Mode.Reverts) {
            revert("a reason that is much longer than all the bytes that anybody wants to have kept");
        }
        if (mode == Mode.Calls && gasleft() >= CALL_GAS) {
            (callSucceeded, callReturned) = _target.call{value: _callValue}(_call);
        }
        if (mode == Mode.BurnsGas) {
            assembly {
                invalid()
            }
        }
        if (mode == Mode.ReturnBomb) {
            assembly {
                return(0, BOMB_BYTES)
            }
        }
        if (mode == Mode.RevertBomb) {
            assembly {
                revert(0, BOMB_BYTES)
            }
        }
    }
}
