// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Reading and changing 32-byte words of an encoded key
library Words {
    function get(bytes memory data, uint256 index) internal pure returns (uint256 word) {
        require(32 * index + 32 <= data.length, "Words: out of range");
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), mul(index, 0x20)))
        }
    }

    /// @notice A copy in which one word is another.
    function set(bytes memory data, uint256 index, uint256 word) internal pure returns (bytes memory changed) {
        require(32 * index + 32 <= data.length, "Words: out of range");
        changed = bytes.concat(data);
        assembly ("memory-safe") {
            mstore(add(add(changed, 0x20), mul(index, 0x20)), word)
        }
    }

    /// @notice A copy in which the point of G1 that begins at word `index` is another.
    function setG1(bytes memory data, uint256 index, uint256[2] memory point) internal pure returns (bytes memory) {
        return set(set(data, index, point[0]), index + 1, point[1]);
    }

    /// @notice A copy in which the point of G2 that begins at word `index` is another.
    function setG2(bytes memory data, uint256 index, uint256[4] memory point)
        internal
        pure
        returns (bytes memory changed)
    {
        changed = data;
        for (uint256 i = 0; i < 4; ++i) {
            changed = set(changed, index + i, point[i]);
        }
    }

    function g1(bytes memory data, uint256 index) internal pure returns (uint256[2] memory) {
        return [get(data, index), get(data, index + 1)];
    }

    function g2(bytes memory data, uint256 index) internal pure returns (uint256[4] memory) {
        return [get(data, index), get(data, index + 1), get(data, index + 2), get(data, index + 3)];
    }

    /// @notice `count` words from word `first` on.
    function slice(bytes memory data, uint256 first, uint256 count) internal pure returns (bytes memory part) {
        for (uint256 i = 0; i < count; ++i) {
            part = bytes.concat(part, bytes32(get(data, first + i)));
        }
    }
}
