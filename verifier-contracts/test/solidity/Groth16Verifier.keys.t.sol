// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER as P, SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Bn254G1} from "./support/Bn254G1.sol";
import {Bn254G2} from "./support/Bn254G2.sol";
import {PlainVerifier} from "./support/PlainVerifier.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {VerifierTest} from "./support/VerifierTest.sol";
import {Words} from "./support/Words.sol";

/// @notice Which verification keys are stored, how, and which are refused.
contract Groth16VerifierKeysTest is VerifierTest {
    uint256 private constant ALPHA = 0;
    uint256 private constant BETA = 2;
    uint256 private constant GAMMA = 6;
    uint256 private constant DELTA = 10;
    uint256 private constant IC = 14;
    uint256 private constant MAX_SIGNALS = 375;
    address private constant PAIRING = address(8);

    function test_a_key_becomes_the_code_of_a_contract_behind_a_stop() public {
        bytes memory key = new SimulatedProver(2, 7).key();
        bytes32 hash = keccak256(key);
        address pointer = vm.computeCreateAddress(address(verifier), vm.getNonce(address(verifier)));
        vm.expectEmit(true, true, true, true, address(verifier));
        emit IGroth16Verifier.KeyStored(hash, pointer, 2);
        assertEq(verifier.storeKey(key), hash);
        assertEq(verifier.keyPointer(hash), pointer);
        assertEq(pointer.code, bytes.concat(hex"00", key));
        assertEq(verifier.signalCount(hash), 2);
    }

    function test_calling_a_keys_contract_runs_nothing() public {
        address pointer = verifier.keyPointer(keyHash);
        bytes memory code = pointer.code;
        (bool success, bytes memory result) = pointer.call{value: 0}(hex"ff");
        assertTrue(success);
        assertEq(result.length, 0);
        assertEq(pointer.code, code);
    }

    function test_a_stored_key_is_left_as_it_is() public {
        address pointer = verifier.keyPointer(keyHash);
        bytes memory key = prover.key();
        vm.recordLogs();
        vm.prank(makeAddr("another"));
        assertEq(verifier.storeKey(key), keyHash);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(verifier.keyPointer(keyHash), pointer);
    }

    /// @dev A call to where nothing is succeeds, and returns nothing.
    function test_a_chain_without_the_pairing_precompile_stores_no_key() public {
        bytes memory key = new SimulatedProver(2, 7).key();
        vm.mockCall(PAIRING, "", "");
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.KeyPoint.selector, BETA));
        verifier.storeKey(key);
        vm.clearMockedCalls();
        verifier.storeKey(key);
    }

    function test_a_key_of_one_signal_is_the_smallest() public {
        SimulatedProver one = new SimulatedProver(1, 3);
        bytes32 hash = verifier.storeKey(one.key());
        uint256[] memory signals = new uint256[](1);
        signals[0] = R - 1;
        assertTrue(verifier.verify(hash, one.prove(signals), signals));
        _expectLength(Words.slice(one.key(), 0, IC + 2));
    }

    function test_a_key_of_375_signals_is_the_largest() public {
        SimulatedProver many = new SimulatedProver(MAX_SIGNALS, 4);
        bytes memory key = many.key();
        bytes32 hash = verifier.storeKey(key);
        assertEq(verifier.signalCount(hash), MAX_SIGNALS);
        uint256[] memory signals = new uint256[](MAX_SIGNALS);
        (signals[0], signals[MAX_SIGNALS - 1]) = (5, 6);
        uint256[8] memory proof = many.prove(signals);
        assertTrue(verifier.verify(hash, proof, signals));
        signals[MAX_SIGNALS - 1] = 7;
        assertFalse(verifier.verify(hash, proof, signals));
        _expectLength(bytes.concat(key, abi.encode(Bn254G1.generator())));
    }

    function testFuzz_another_length_is_no_keys(uint256 length) public {
        length = bound(length, 0, 32 * (IC + 2 * SIGNALS + 4));
        if (length >= 32 * (IC + 4) && length % 64 == 0) length += 1;
        _expectLength(new bytes(length));
    }

    function testFuzz_a_coordinate_at_or_above_p_is_refused(uint256 index, uint256 times) public {
        bytes memory key = prover.key();
        index = bound(index, 0, key.length / 32 - 1);
        uint256 word = Words.get(key, index);
        word += P * bound(times, 1, (type(uint256).max - word) / P);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.KeyCoordinate.selector, index));
        verifier.storeKey(Words.set(key, index, word));
    }

    function testFuzz_a_coordinate_with_a_changed_bit_is_refused(uint256 index, uint256 bit) public {
        bytes memory key = prover.key();
        index = bound(index, 0, key.length / 32 - 1);
        uint256 word = Words.get(key, index) ^ 1 << bound(bit, 0, 255);
        bytes memory changed = Words.set(key, index, word);
        try verifier.storeKey(changed) {
            revert("a changed key was stored");
        } catch (bytes memory reason) {
            bytes4 expected = word >= P ? IGroth16Verifier.KeyCoordinate.selector : IGroth16Verifier.KeyPoint.selector;
            assertEq(bytes32(_selectorOf(reason)), bytes32(expected));
        }
    }

    function test_a_point_at_infinity_is_refused_wherever_it_stands() public {
        bytes memory key = prover.key();
        _expectKeyPoint(ALPHA, Words.setG1(key, ALPHA, [uint256(0), 0]));
        for (uint256 i = IC; i < key.length / 32; i += 2) {
            _expectKeyPoint(i, Words.setG1(key, i, [uint256(0), 0]));
        }
        for (uint256 i = BETA; i < IC; i += 4) {
            _expectKeyPoint(i, Words.setG2(key, i, [uint256(0), 0, 0, 0]));
        }
    }

    function test_a_point_off_its_curve_or_outside_the_subgroup_is_refused() public {
        bytes memory key = prover.key();
        _expectKeyPoint(ALPHA, Words.setG1(key, ALPHA, [uint256(1), 3]));
        _expectKeyPoint(IC + 2, Words.setG1(key, IC + 2, [uint256(2), 1]));
        for (uint256 i = BETA; i < IC; i += 4) {
            _expectKeyPoint(i, Words.setG2(key, i, [uint256(1), 2, 3, 4]));
            _expectKeyPoint(i, Words.setG2(key, i, Bn254G2.outsideSubgroup()));
        }
    }

    /// @dev The published exploits of 2026: a setup that ended before anyone contributed, gamma = delta.
    function test_with_gamma_equal_to_delta_anyone_forges_so_the_key_is_refused() public {
        bytes memory key = Words.setG2(prover.key(), DELTA, Words.g2(prover.key(), GAMMA));
        uint256[] memory signals = _signals(1);
        uint256[2] memory minusX = Bn254G1.neg(PlainVerifier.icSum(key, signals));
        uint256[8] memory forged = prover.join(Words.g1(key, ALPHA), Words.g2(key, BETA), minusX);
        assertTrue(PlainVerifier.verify(key, forged, signals), "the equation holds for the forgery");
        assertFalse(verifier.verify(keyHash, forged, signals), "not under an honest key");
        vm.expectRevert(IGroth16Verifier.KeyWithoutContribution.selector);
        verifier.storeKey(key);
    }

    function test_with_gamma_opposite_to_delta_anyone_forges_so_the_key_is_refused() public {
        bytes memory key = Words.setG2(prover.key(), DELTA, Bn254G2.neg(Words.g2(prover.key(), GAMMA)));
        uint256[] memory signals = _signals(2);
        uint256[2] memory x = PlainVerifier.icSum(key, signals);
        uint256[8] memory forged = prover.join(Words.g1(key, ALPHA), Words.g2(key, BETA), x);
        assertTrue(PlainVerifier.verify(key, forged, signals), "the equation holds for the forgery");
        vm.expectRevert(IGroth16Verifier.KeyWithoutContribution.selector);
        verifier.storeKey(key);
    }

    function test_a_delta_that_is_the_generator_or_its_opposite_is_refused() public {
        uint256[4] memory generator = Bn254G2.generator();
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory key = Words.setG2(prover.key(), DELTA, i == 0 ? generator : Bn254G2.neg(generator));
            vm.expectRevert(IGroth16Verifier.KeyDeltaIsGenerator.selector);
            verifier.storeKey(key);
        }
    }

    /// @dev snarkjs always takes the generator for gamma; that is no reason to refuse a key.
    function test_a_gamma_that_is_the_generator_is_stored() public {
        bytes memory key = Words.setG2(prover.key(), GAMMA, Bn254G2.generator());
        assertEq(verifier.signalCount(verifier.storeKey(key)), SIGNALS);
    }

    function test_with_beta_equal_to_gamma_anyone_forges_so_the_key_is_refused() public {
        bytes memory key = Words.setG2(prover.key(), GAMMA, Words.g2(prover.key(), BETA));
        uint256[] memory signals = _signals(3);
        uint256[2] memory a = Bn254G1.add(Words.g1(key, ALPHA), PlainVerifier.icSum(key, signals));
        uint256[8] memory forged = prover.join(a, Words.g2(key, BETA), [uint256(0), 0]);
        assertTrue(PlainVerifier.verify(key, forged, signals), "the equation holds for the forgery");
        _expectRepeated(GAMMA, key);
        _expectRepeated(GAMMA, Words.setG2(key, GAMMA, Bn254G2.neg(Words.g2(key, BETA))));
    }

    function test_with_beta_equal_to_delta_anyone_forges_so_the_key_is_refused() public {
        bytes memory key = Words.setG2(prover.key(), DELTA, Words.g2(prover.key(), BETA));
        uint256[] memory signals = _signals(4);
        uint256[8] memory forged =
            prover.join(PlainVerifier.icSum(key, signals), Words.g2(key, GAMMA), Bn254G1.neg(Words.g1(key, ALPHA)));
        assertTrue(PlainVerifier.verify(key, forged, signals), "the equation holds for the forgery");
        _expectRepeated(DELTA, key);
        _expectRepeated(DELTA, Words.setG2(key, DELTA, Bn254G2.neg(Words.g2(key, BETA))));
    }

    function test_with_equal_ic_entries_signals_can_be_swapped_so_the_key_is_refused() public {
        SimulatedProver.Trapdoor memory trapdoor = prover.drawTrapdoor(SIGNALS, 5);
        trapdoor.ic[3] = trapdoor.ic[1];
        bytes memory key = prover.keyOf(trapdoor);
        uint256[] memory signals = _signals(5);
        uint256[8] memory proof = prover.proveUnder(trapdoor, signals, 9);
        (signals[0], signals[2]) = (signals[2], signals[0]);
        assertTrue(PlainVerifier.verify(key, proof, signals), "the equation holds for swapped signals");
        _expectRepeated(IC + 6, key);
        trapdoor.ic[3] = R - trapdoor.ic[1];
        _expectRepeated(IC + 6, prover.keyOf(trapdoor));
    }

    function test_with_alpha_among_the_ic_entries_zeros_can_be_forged_so_the_key_is_refused() public {
        bytes memory key = Words.setG1(prover.key(), IC, Words.g1(prover.key(), ALPHA));
        uint256[4] memory b = Bn254G2.add(Words.g2(key, BETA), Words.g2(key, GAMMA));
        uint256[8] memory forged = prover.join(Words.g1(key, ALPHA), b, [uint256(0), 0]);
        assertTrue(PlainVerifier.verify(key, forged, new uint256[](SIGNALS)), "the equation holds for the forgery");
        _expectRepeated(IC, key);
        _expectRepeated(IC + 4, Words.setG1(prover.key(), IC + 4, Words.g1(prover.key(), ALPHA)));
    }

    function testFuzz_an_unknown_key_is_told(bytes32 unknown) public {
        vm.assume(unknown != keyHash);
        assertEq(verifier.keyPointer(unknown), address(0));
        bytes memory expected = abi.encodeWithSelector(IGroth16Verifier.UnknownKey.selector, unknown);
        vm.expectRevert(expected);
        verifier.signalCount(unknown);
        vm.expectRevert(expected);
        verifier.verify(unknown, [uint256(0), 0, 0, 0, 0, 0, 0, 0], _signals(0));
        vm.expectRevert(expected);
        verifier.verifyBatch(unknown, new uint256[8][](1), new uint256[][](1));
    }

    function _expectLength(bytes memory key) private {
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.KeyLength.selector, key.length));
        verifier.storeKey(key);
    }

    function _expectKeyPoint(uint256 index, bytes memory key) private {
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.KeyPoint.selector, index));
        verifier.storeKey(key);
    }

    function _expectRepeated(uint256 index, bytes memory key) private {
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.KeyPointRepeated.selector, index));
        verifier.storeKey(key);
    }
}
