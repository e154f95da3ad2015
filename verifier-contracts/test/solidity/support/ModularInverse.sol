// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice 1/value modulo a prime, by Fermat's little theorem and the precompile of EIP-198; value is not 0 modulo it.
function modularInverse(uint256 value, uint256 prime) view returns (uint256) {
    require(value % prime != 0, "modularInverse: zero");
    (bool success, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, value, prime - 2, prime));
    require(success, "modularInverse: modexp");
    return abi.decode(result, (uint256));
}
