// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Pairs of points in memory as the pairing precompile takes them (EIP-197)
/// @dev Six words a pair: P of G1, then Q of G2. Assembly, since the checks of Solidity's arrays cost as much here as a tenth of
///   a multiplication for each word; callers give pairs below the number they allocated, and sources of full length.
library Bn254Pairs {
    uint256 private constant WORDS_PER_PAIR = 6;

    /// @notice Room for `count` pairs.
    function allocate(uint256 count) internal pure returns (uint256[] memory) {
        return new uint256[](count * WORDS_PER_PAIR);
    }

    /// @notice Sets P of a pair.
    function setP(uint256[] memory pairs, uint256 pair, uint256 x, uint256 y) internal pure {
        assembly ("memory-safe") {
            let p := add(add(pairs, 0x20), mul(pair, 0xc0))
            mstore(p, x)
            mstore(add(p, 0x20), y)
        }
    }

    /// @notice Sets Q of a pair to the four words of `source` from word `first` on.
    function setQ(uint256[] memory pairs, uint256 pair, uint256[] memory source, uint256 first) internal pure {
        assembly ("memory-safe") {
            let q := add(add(pairs, 0x60), mul(pair, 0xc0))
            mcopy(q, add(add(source, 0x20), mul(first, 0x20)), 0x80)
        }
    }

    /// @notice Sets Q of a pair to a proof's B, its words 2 to 5.
    function setQToB(uint256[] memory pairs, uint256 pair, uint256[8] calldata proof) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(add(pairs, 0x60), mul(pair, 0xc0)), add(proof, 0x40), 0x80)
        }
    }
}
