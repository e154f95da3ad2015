// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";

/// @title Guard against re-entrance that tells callbacks from all other foreign code
/// @dev A requester may well ask the next question, or take its money, inside its callback: all state is written by then. Nothing is
///   admitted while a token or the recipient of a withdrawal runs. OpenZeppelin's guard knows one state of the two.
///   Transient storage (EIP-1153): a lock that is left by a revert does not stay.
abstract contract CallbackLock {
    uint256 private constant IDLE = 0;
    uint256 private constant BUSY = 1;
    uint256 private constant CALLING_BACK = 2;

    uint256 private transient _phase;

    /// @dev Under no other call of this contract.
    modifier exclusive() {
        if (_phase != IDLE) revert IInferenceCoprocessor.Reentered();
        _phase = BUSY;
        _;
        _phase = IDLE;
    }

    /// @dev Under no other call of this contract but a callback.
    modifier admittedInCallbacks() {
        uint256 outer = _phase;
        if (outer == BUSY) revert IInferenceCoprocessor.Reentered();
        _phase = BUSY;
        _;
        _phase = outer;
    }

    /// @dev Around the call to a requester, inside an `exclusive` function.
    modifier callingBack() {
        _phase = CALLING_BACK;
        _;
        _phase = BUSY;
    }
}
