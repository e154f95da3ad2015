// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedRoles} from "./interfaces/IGuardedRoles.sol";

/// @title Who the admin and the guardian are
/// @dev The admin is meant to be OpenZeppelin's TimelockController: what it does is announced, while the guardian, who can only
///   stop, acts at once. The admin cannot be changed here; a timelock's own roles can.
abstract contract GuardedRoles is IGuardedRoles {
    /// @notice May end what the guardian began, and name the guardian.
    address public immutable ADMIN;
    /// @notice May stop, at once.
    address public guardian;

    modifier onlyAdmin() {
        if (msg.sender != ADMIN) revert NotAuthorised(msg.sender);
        _;
    }

    constructor(address admin, address firstGuardian) {
        if (admin == address(0)) revert ZeroAddress();
        ADMIN = admin;
        _nameGuardian(firstGuardian);
    }

    /// @inheritdoc IGuardedRoles
    function setGuardian(address nextGuardian) external onlyAdmin {
        _nameGuardian(nextGuardian);
    }

    function _nameGuardian(address nextGuardian) private {
        if (nextGuardian == address(0)) revert ZeroAddress();
        guardian = nextGuardian;
        emit GuardianChanged(nextGuardian);
    }
}
