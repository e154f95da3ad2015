// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPoseidon} from "./interfaces/IPoseidon.sol";
import {PoseidonT3} from "./poseidon/PoseidonT3.sol";
import {PoseidonT4} from "./poseidon/PoseidonT4.sol";
import {PoseidonT5} from "./poseidon/PoseidonT5.sol";
import {PoseidonT6} from "./poseidon/PoseidonT6.sol";

/// @title Poseidon for 2 to 5 inputs
/// @notice Finds the contract for a number of inputs; it deploys them all itself, so that its address stands for their code.
contract Poseidon is IPoseidon {
    PoseidonT3 private immutable _two = new PoseidonT3();
    PoseidonT4 private immutable _three = new PoseidonT4();
    PoseidonT5 private immutable _four = new PoseidonT5();
    PoseidonT6 private immutable _five = new PoseidonT6();

    /// @inheritdoc IPoseidon
    function hash(uint256[] memory inputs) external view returns (uint256) {
        uint256 count = inputs.length;
        if (count == 2) return _two.hash([inputs[0], inputs[1]]);
        if (count == 3) return _three.hash([inputs[0], inputs[1], inputs[2]]);
        if (count == 4) return _four.hash([inputs[0], inputs[1], inputs[2], inputs[3]]);
        if (count == 5) return _five.hash([inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]]);
        revert PoseidonArity(count);
    }
}
