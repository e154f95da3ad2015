// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Calls to contracts that are trusted with nothing: a fixed amount of gas, and few bytes back
/// @dev Solidity's own calls copy all that the callee returns at the caller's expense, so a callee could make its caller pay
///   for megabytes ("return bomb"). These copy `maxReturned` bytes at most.
library CappedCall {
    /// @dev What a call costs its caller at most, beside what the callee gets: 2,600 for an account that was not touched yet
    ///   (EIP-2929), and the instructions between the check of the gas and the call.
    uint256 private constant CALL_OVERHEAD = 5_000;

    /// @notice The gas that must be left for a call to get the whole of `gasLimit`.
    /// @dev A callee gets at most 63/64 of what is left (EIP-150), silently less than was asked for.
    function gasNeeded(uint256 gasLimit) internal pure returns (uint256) {
        return gasLimit + gasLimit / 63 + 1 + CALL_OVERHEAD;
    }

    /// @notice Calls with exactly `gasLimit`; the caller has checked `gasNeeded` just before.
    /// @return success Whether the callee returned.
    /// @return returned What was returned or reverted with, cut off after `maxReturned` bytes.
    function callWith(address target, uint256 gasLimit, bytes memory data, uint256 maxReturned)
        internal
        returns (bool success, bytes memory returned)
    {
        // Nothing is copied by the call itself; see _returned.
        assembly ("memory-safe") {
            success := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
        returned = _returned(maxReturned);
    }

    /// @notice The same without leave to change anything.
    function staticcallWith(address target, uint256 gasLimit, bytes memory data, uint256 maxReturned)
        internal
        view
        returns (bool success, bytes memory returned)
    {
        // Nothing is copied by the call itself; see _returned.
        assembly ("memory-safe") {
            success := staticcall(gasLimit, target, add(data, 0x20), mload(data), 0, 0)
        }
        returned = _returned(maxReturned);
    }

    function _returned(uint256 most) private pure returns (bytes memory returned) {
        // The first `most` bytes of the return data in free memory, which is then moved on in whole words.
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, most) { size := most }
            returned := mload(0x40)
            mstore(returned, size)
            returndatacopy(add(returned, 0x20), 0, size)
            mstore(0x40, add(returned, and(add(size, 0x3f), not(0x1f))))
        }
    }
}
