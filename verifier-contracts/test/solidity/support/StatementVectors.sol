// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {StatementCaller} from "./StatementCaller.sol";
import {Test} from "./Test.sol";

/// @title The statement library, and the vectors that all implementations share
abstract contract StatementVectors is Test {
    string private constant VECTORS = "../core/src/statement/statement.vectors.json";

    StatementCaller internal statement;
    string internal json;

    function setUp() public {
        statement = new StatementCaller();
        json = vm.readFile(VECTORS);
    }

    function specAt(string memory key, uint256 words) internal view returns (IModelRegistry.TensorSpec memory) {
        return spec(uint48(uintAt(key, ".count")), uint8(uintAt(key, ".bits")), uint32(words));
    }

    function spec(uint48 count, uint8 bits, uint32 words) internal pure returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec({count: count, bits: bits, words: words});
    }

    function has(string memory list, uint256 index) internal view returns (bool) {
        return vm.keyExistsJson(json, at(list, index));
    }

    function at(string memory list, uint256 index) internal pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]");
    }

    function uintAt(string memory key, string memory field) internal view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(key, field));
    }

    function uintsAt(string memory key, string memory field) internal view returns (uint256[] memory) {
        return vm.parseJsonUintArray(json, string.concat(key, field));
    }
}
