// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The two roles of this project's contracts
/// @notice The guardian stops, the admin lets go on. Neither can touch money, models' terms or requests' terms. Whoever stops a
///   model makes its open requests refundable, and work on them worthless.
interface IGuardedRoles {
    event GuardianChanged(address indexed guardian);

    /// @notice The caller may not do this.
    error NotAuthorised(address caller);
    /// @notice An address is zero that must not be.
    error ZeroAddress();

    /// @notice Names another guardian. Admin only.
    function setGuardian(address guardian) external;
}
