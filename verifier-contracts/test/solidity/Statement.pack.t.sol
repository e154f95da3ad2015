// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {StatementVectors} from "./support/StatementVectors.sol";

contract StatementPackTest is StatementVectors {
    function test_single_tensors_are_packed_as_in_core() public view {
        uint256 compared;
        for (uint256 i = 0; has(".pack", i); ++i) {
            string memory key = at(".pack", i);
            if (vm.keyExistsJson(json, string.concat(key, ".layouts[1]"))) continue;
            uint256[] memory words = uintsAt(key, ".words");
            IModelRegistry.TensorSpec memory spec = specAt(string.concat(key, ".layouts[0]"), words.length);
            uint256[] memory elements = _offsets(key);
            assertEq(statement.pack(spec, elements), words, key);
            assertEq(statement.unpack(spec, words), elements, key);
            ++compared;
        }
        assertEq(compared, 6);
    }

    function testFuzz_unpacking_undoes_packing(uint256 seed, uint256 count, uint256 bits) public view {
        (count, bits) = (bound(count, 1, 40), bound(bits, 1, 253));
        uint256 perWord = 253 / bits;
        IModelRegistry.TensorSpec memory spec =
            spec(uint48(count), uint8(bits), uint32((count + perWord - 1) / perWord));
        uint256[] memory elements = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            elements[i] = uint256(keccak256(abi.encode(seed, i))) >> 256 - bits;
        }
        uint256[] memory words = statement.pack(spec, elements);
        assertEq(statement.unpack(spec, words), elements);
        for (uint256 i = 0; i < words.length; ++i) {
            assertLt(words[i], 1 << 253);
        }
    }

    function test_packing_refuses_elements_that_are_wide_missing_or_too_many() public {
        uint256[] memory elements = new uint256[](2);
        elements[1] = 1 << 8;
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementRange.selector, 1, 1 << 8));
        statement.pack(spec(2, 8, 1), elements);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementCount.selector, 2, 3));
        statement.pack(spec(3, 8, 1), elements);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementCount.selector, 2, 1));
        statement.pack(spec(1, 8, 1), elements);
    }

    function test_packing_refuses_what_cannot_be_a_single_tensor() public {
        vm.expectRevert(Statement.StatementSpec.selector);
        statement.pack(spec(31, 8, 2), new uint256[](31));
        vm.expectRevert(Statement.StatementSpec.selector);
        statement.pack(spec(0, 8, 0), new uint256[](0));
    }

    function test_reading_refuses_elements_beyond_the_last_and_missing_words() public {
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementIndex.selector, 31));
        statement.elementOf(spec(31, 8, 1), new uint256[](1), 31);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 1, 2));
        statement.elementOf(spec(32, 8, 2), new uint256[](1), 0);
        assertEq(statement.elementOf(spec(32, 8, 2), new uint256[](2), 31), 0);
    }

    /// @dev The first tensor of a vector, each element minus the range's lowest.
    function _offsets(string memory key) private view returns (uint256[] memory offsets) {
        string memory lowest = vm.parseJsonString(json, string.concat(key, ".layouts[0].lo"));
        string[] memory elements = vm.parseJsonStringArray(json, string.concat(key, ".tensors[0]"));
        offsets = new uint256[](elements.length);
        for (uint256 i = 0; i < elements.length; ++i) {
            offsets[i] = uint256(_integer(elements[i]) - _integer(lowest));
        }
    }

    function _integer(string memory text) private pure returns (int256 value) {
        bytes memory digits = bytes(text);
        bool negative = digits[0] == "-";
        for (uint256 i = negative ? 1 : 0; i < digits.length; ++i) {
            value = 10 * value + int256(uint256(uint8(digits[i])) - 48);
        }
        return negative ? -value : value;
    }
}
