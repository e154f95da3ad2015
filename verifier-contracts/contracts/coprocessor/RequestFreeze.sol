// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedRoles} from "../GuardedRoles.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";

/// @title Who may refuse new requests, and nothing else
abstract contract RequestFreeze is IInferenceCoprocessor, GuardedRoles {
    /// @inheritdoc IInferenceCoprocessor
    bool public requestsFrozen;

    /// @inheritdoc IInferenceCoprocessor
    function freezeRequests() external {
        if (msg.sender != guardian && msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        requestsFrozen = true;
        emit RequestsFrozen(true, msg.sender);
    }

    /// @inheritdoc IInferenceCoprocessor
    function unfreezeRequests() external onlyAdmin {
        requestsFrozen = false;
        emit RequestsFrozen(false, msg.sender);
    }
}
