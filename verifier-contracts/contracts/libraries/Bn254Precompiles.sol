// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER} from "./Bn254.sol";

/// @title The precompiled contracts for BN254, called so that a lack of gas is told from a wrong point
/// @dev Each gets exactly the gas of EIP-1108. A failing precompile eats what it was given and says nothing: so the gas that is
///   left is looked at before each call. On a chain that charges more, no key is stored; on one that will, no proof passes
///   any longer, open requests are refunded after their deadlines, and new contracts take over.
library Bn254Precompiles {
    // EIP-1108: addresses as in EIP-196 and EIP-197.
    uint256 private constant ADD = 6;
    uint256 private constant MUL = 7;
    uint256 private constant PAIRING = 8;
    uint256 private constant ADD_GAS = 150;
    uint256 private constant MUL_GAS = 6_000;
    uint256 private constant PAIRING_BASE_GAS = 45_000;
    uint256 private constant PAIRING_GAS_PER_PAIR = 34_000;

    /// @dev Covers what is spent between the look at the gas and a call (100 for a warm address, some opcodes).
    uint256 private constant CALL_MARGIN = 1_000;
    /// @dev (MUL_GAS + ADD_GAS) · 64/63 + CALL_MARGIN, a literal since the compiler computes such sums at run time. A call passes
    ///   on 63/64 of what is left at most (EIP-150), silently less than it was asked to.
    uint256 private constant MUL_ADD_NEEDED = 7_247;
    uint256 private constant WORDS_PER_PAIR = 6;

    /// @notice sum += scalar · (x, y).
    /// @dev `sum` and (x, y) are points of the curve, callers see to that; else this reverts with nothing.
    function mulAdd(uint256[2] memory sum, uint256 x, uint256 y, uint256 scalar) internal view {
        uint256 left = gasleft();
        if (left < MUL_ADD_NEEDED) revert IGroth16Verifier.InsufficientGas(left, MUL_ADD_NEEDED);
        // Above the free memory: [sum.x, sum.y, x, y, scalar]; the product replaces [x, y].
        assembly ("memory-safe") {
            let terms := mload(0x40)
            let product := add(terms, 0x40)
            mstore(product, x)
            mstore(add(product, 0x20), y)
            mstore(add(product, 0x40), scalar)
            let success := staticcall(MUL_GAS, MUL, product, 0x60, product, 0x40)
            mcopy(terms, sum, 0x40)
            success := and(staticcall(ADD_GAS, ADD, terms, 0x80, sum, 0x40), success)
            if iszero(success) { revert(0, 0) }
        }
    }

    /// @notice Whether the product of pairings e(P_i, Q_i) is one; pairs of 6 words each, P_i then Q_i.
    /// @return wellFormed false when some point is not on its curve or not in its subgroup.
    /// @return isOne false when not well-formed.
    function pairing(uint256[] memory pairs) internal view returns (bool wellFormed, bool isOne) {
        uint256 gas_;
        uint256 needed;
        // No array of memory is long enough to overflow this.
        unchecked {
            gas_ = PAIRING_BASE_GAS + PAIRING_GAS_PER_PAIR * (pairs.length / WORDS_PER_PAIR);
            needed = gas_ * 64 / 63 + CALL_MARGIN;
        }
        uint256 left = gasleft();
        if (left < needed) revert IGroth16Verifier.InsufficientGas(left, needed);
        // The result goes to the scratch word 0, cleared first since a failing precompile writes nothing.
        assembly ("memory-safe") {
            mstore(0, 0)
            wellFormed := staticcall(gas_, PAIRING, add(pairs, 0x20), mul(mload(pairs), 0x20), 0, 0x20)
            isOne := and(wellFormed, mload(0))
        }
    }

    /// @notice Whether y² = x³ + 3, or (x, y) is (0, 0), which stands for infinity. Both below BASE_FIELD_ORDER.
    /// @dev The group has prime order: its whole curve is the subgroup.
    function isPoint(uint256 x, uint256 y) internal pure returns (bool) {
        uint256 p = BASE_FIELD_ORDER;
        return mulmod(y, y, p) == addmod(mulmod(mulmod(x, x, p), x, p), 3, p) || (x | y) == 0;
    }

    /// @notice The y of −(x, y). Not p − y alone: infinity stays (0, 0).
    function negated(uint256 y) internal pure returns (uint256) {
        return y == 0 ? 0 : BASE_FIELD_ORDER - y;
    }
}
