// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";

/// @title Who may refuse new requests, and nothing else
abstract contract RequestFreeze is IInferenceCoprocessor {
    /// @notice May end a freeze and name the guardian; a timelock.
    address public immutable ADMIN;

    /// @notice May freeze new requests.
    address public guardian;
    /// @notice Whether new requests are refused.
    bool public requestsFrozen;

    constructor(address admin, address firstGuardian) {
        if (admin == address(0)) revert ZeroAddress();
        ADMIN = admin;
        _nameGuardian(firstGuardian);
    }

    /// @inheritdoc IInferenceCoprocessor
    function freezeRequests() external {
        if (msg.sender != guardian && msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        requestsFrozen = true;
        emit RequestsFrozen(true, msg.sender);
    }

    /// @inheritdoc IInferenceCoprocessor
    function unfreezeRequests() external {
        if (msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        requestsFrozen = false;
        emit RequestsFrozen(false, msg.sender);
    }

    /// @inheritdoc IInferenceCoprocessor
    function setGuardian(address nextGuardian) external {
        if (msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        _nameGuardian(nextGuardian);
    }

    function _nameGuardian(address nextGuardian) private {
        if (nextGuardian == address(0)) revert ZeroAddress();
        guardian = nextGuardian;
        emit GuardianChanged(nextGuardian);
    }
}
