// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Poseidon over BN254's scalar field with circomlib's parameters
/// @notice Inputs must be below the field's order; this is checked.
interface IPoseidon {
    /// @notice Input `index` is not below the scalar field's order.
    error PoseidonInput(uint256 index, uint256 value);
    /// @notice There is no instance for `count` inputs.
    error PoseidonArity(uint256 count);

    /// @notice The hash of 2 to 5 inputs.
    function hash(uint256[] memory inputs) external view returns (uint256);
}
