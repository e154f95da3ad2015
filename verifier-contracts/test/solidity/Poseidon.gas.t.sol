// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Poseidon} from "../../contracts/Poseidon.sol";
import {PoseidonT3} from "../../contracts/poseidon/PoseidonT3.sol";
import {PoseidonT4} from "../../contracts/poseidon/PoseidonT4.sol";
import {PoseidonT5} from "../../contracts/poseidon/PoseidonT5.sol";
import {PoseidonT6} from "../../contracts/poseidon/PoseidonT6.sol";
import {Test} from "./support/Test.sol";

/// @notice What hashing costs and how large its code is. Exact figures are in the snapshot.
contract PoseidonGasTest is Test {
    string private constant GROUP = "poseidon";
    /// @dev EIP-170 and EIP-3860.
    uint256 private constant MOST_CODE = 24_576;
    uint256 private constant MOST_INIT_CODE = 49_152;

    function test_one_hash_costs_at_most_33000_met_for_the_first_time() public {
        for (uint256 count = 2; count <= 5; ++count) {
            // Two contracts, each met for the first time in its transaction.
            Poseidon poseidon = new Poseidon();
            for (uint256 nonce = 1; nonce <= 4; ++nonce) {
                vm.cool(vm.computeCreateAddress(address(poseidon), nonce));
            }
            vm.cool(address(poseidon));
            poseidon.hash(new uint256[](count));
            string memory name = string.concat("hash, ", vm.toString(count), " inputs");
            assertLe(vm.snapshotGasLastCall(GROUP, name), 33_000);
        }
    }

    function test_code_fits_a_contract_and_all_of_it_one_creation() public {
        _snapshotSize("PoseidonT3", type(PoseidonT3).runtimeCode.length);
        _snapshotSize("PoseidonT4", type(PoseidonT4).runtimeCode.length);
        _snapshotSize("PoseidonT5", type(PoseidonT5).runtimeCode.length);
        _snapshotSize("PoseidonT6", type(PoseidonT6).runtimeCode.length);
        assertLe(type(Poseidon).creationCode.length, MOST_INIT_CODE);
    }

    function _snapshotSize(string memory name, uint256 size) private {
        vm.snapshotValue(GROUP, string.concat(name, ", bytes of code"), size);
        assertLe(size, MOST_CODE);
    }
}
