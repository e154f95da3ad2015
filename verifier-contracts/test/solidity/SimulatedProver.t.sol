// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Bn254G1} from "./support/Bn254G1.sol";
import {Bn254G2} from "./support/Bn254G2.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {Test} from "./support/Test.sol";

contract SimulatedProverTest is Test {
    SimulatedProver private prover;

    function setUp() public {
        prover = new SimulatedProver(3, 1);
    }

    function test_a_key_has_14_words_and_two_for_each_signal_and_the_constant() public view {
        assertEq(prover.key().length, 32 * (14 + 2 * 4));
        assertEq(prover.keyHash(), keccak256(prover.key()));
    }

    function test_multiples_of_the_second_groups_generator_add_up() public view {
        uint256[4] memory g = Bn254G2.generator();
        uint256[4] memory sum = Bn254G2.add(Bn254G2.mul(g, 11), Bn254G2.mul(g, R - 4));
        assertEq(abi.encode(sum), abi.encode(Bn254G2.mul(g, 7)));
        assertTrue(Bn254G2.isInfinity(Bn254G2.add(sum, Bn254G2.neg(sum))));
        assertTrue(Bn254G2.isInfinity(Bn254G2.mul(g, R)));
        assertFalse(Bn254G2.isInfinity(Bn254G2.mul(Bn254G2.outsideSubgroup(), R)));
    }

    function test_the_pairing_precompile_agrees_on_multiples() public view {
        uint256[2] memory p = Bn254G1.mul(Bn254G1.generator(), 6);
        uint256[2] memory q = Bn254G1.neg(Bn254G1.mul(Bn254G1.generator(), 2));
        bytes memory pairs = abi.encode(p, Bn254G2.mul(Bn254G2.generator(), 5), q, Bn254G2.mul(Bn254G2.generator(), 15));
        (bool success, bytes memory result) = address(8).staticcall(pairs);
        assertTrue(success && abi.decode(result, (bool)));
    }
}
