// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Poseidon} from "../../contracts/Poseidon.sol";
import {IPoseidon} from "../../contracts/interfaces/IPoseidon.sol";
import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Test} from "./support/Test.sol";

/// @dev The vectors are core's Poseidon, which agrees with circomlibjs: `npm run gen -w verifier-contracts`.
contract PoseidonTest is Test {
    string private constant VECTORS = "test/fixtures/poseidon.vectors.json";
    uint256 private constant FEWEST = 2;
    uint256 private constant MOST = 5;

    Poseidon private _poseidon;

    function setUp() public {
        _poseidon = new Poseidon();
    }

    function test_reproduces_the_vectors_of_core_for_every_number_of_inputs() public view {
        string memory json = vm.readFile(VECTORS);
        for (uint256 count = FEWEST; count <= MOST; ++count) {
            string memory key = string.concat(".inputs", vm.toString(count));
            uint256[] memory inputs = vm.parseJsonUintArray(json, string.concat(key, ".inputs"));
            uint256[] memory digests = vm.parseJsonUintArray(json, string.concat(key, ".digests"));
            assertGe(digests.length, 35);
            assertEq(inputs.length, count * digests.length);
            for (uint256 i = 0; i < digests.length; ++i) {
                assertEq(_poseidon.hash(_slice(inputs, i * count, count)), digests[i], key);
            }
        }
    }

    function test_refuses_every_alias_of_every_input() public {
        for (uint256 count = FEWEST; count <= MOST; ++count) {
            for (uint256 index = 0; index < count; ++index) {
                for (uint256 k = 1; k <= type(uint256).max / R; ++k) {
                    uint256[] memory inputs = new uint256[](count);
                    inputs[index] = k * R;
                    vm.expectRevert(abi.encodeWithSelector(IPoseidon.PoseidonInput.selector, index, k * R));
                    _poseidon.hash(inputs);
                }
            }
        }
    }

    function testFuzz_digests_are_reduced_and_depend_on_every_input(uint256 seed, uint256 index) public view {
        for (uint256 count = FEWEST; count <= MOST; ++count) {
            uint256[] memory inputs = new uint256[](count);
            for (uint256 i = 0; i < count; ++i) {
                inputs[i] = uint256(keccak256(abi.encode(seed, i))) % R;
            }
            uint256 digest = _poseidon.hash(inputs);
            assertLt(digest, R);
            inputs[index % count] = addmod(inputs[index % count], 1, R);
            assertNotEq(_poseidon.hash(inputs), digest);
        }
    }

    function test_refuses_other_numbers_of_inputs() public {
        uint256[4] memory counts = [uint256(0), 1, 6, 16];
        for (uint256 i = 0; i < counts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPoseidon.PoseidonArity.selector, counts[i]));
            _poseidon.hash(new uint256[](counts[i]));
        }
    }

    function _slice(uint256[] memory all, uint256 start, uint256 length) private pure returns (uint256[] memory part) {
        part = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = all[start + i];
        }
    }
}
