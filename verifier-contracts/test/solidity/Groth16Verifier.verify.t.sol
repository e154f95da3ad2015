// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER as P, SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Bn254G1} from "./support/Bn254G1.sol";
import {Bn254G2} from "./support/Bn254G2.sol";
import {modularInverse} from "./support/ModularInverse.sol";
import {PlainVerifier} from "./support/PlainVerifier.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {VerifierTest} from "./support/VerifierTest.sol";
import {Words} from "./support/Words.sol";

/// @notice Which proofs are true, which are false, and which revert.
contract Groth16VerifierVerifyTest is VerifierTest {
    function testFuzz_a_proof_of_any_signals_is_true(uint256[3] memory drawn, uint256 a) public view {
        uint256[] memory signals = new uint256[](SIGNALS);
        for (uint256 i = 0; i < SIGNALS; ++i) {
            signals[i] = drawn[i] % R;
        }
        uint256[8] memory proof = prover.prove(signals, bound(a, 1, R - 1));
        assertTrue(verifier.verify(keyHash, proof, signals));
        assertTrue(PlainVerifier.verify(prover.key(), proof, signals));
    }

    function test_signals_at_both_ends_of_their_range_are_true() public view {
        uint256[] memory signals = new uint256[](SIGNALS);
        assertTrue(verifier.verify(keyHash, prover.prove(signals), signals));
        (signals[0], signals[1], signals[2]) = (R - 1, 0, R - 1);
        assertTrue(verifier.verify(keyHash, prover.prove(signals), signals));
    }

    function testFuzz_another_signal_is_false(uint256 seed, uint256 index, uint256 other) public view {
        uint256[] memory signals = _signals(seed);
        uint256[8] memory proof = prover.prove(signals);
        index = bound(index, 0, SIGNALS - 1);
        other = bound(other, 0, R - 1);
        if (other == signals[index]) other = addmod(other, 1, R);
        signals[index] = other;
        assertFalse(verifier.verify(keyHash, proof, signals));
    }

    function testFuzz_a_signal_with_a_changed_bit_never_passes(uint256 seed, uint256 index, uint256 bit) public {
        uint256[] memory signals = _signals(seed);
        uint256[8] memory proof = prover.prove(signals);
        index = bound(index, 0, SIGNALS - 1);
        signals[index] ^= 1 << bound(bit, 0, 255);
        if (signals[index] >= R) {
            _expectSignalRange(index, signals[index]);
            verifier.verify(keyHash, proof, signals);
        } else {
            assertFalse(verifier.verify(keyHash, proof, signals));
        }
    }

    function testFuzz_no_multiple_of_r_can_be_added_to_a_signal(uint256 seed, uint256 index) public {
        uint256[] memory signals = _signals(seed);
        index = bound(index, 0, SIGNALS - 1);
        if (seed % 2 == 0) signals[index] = 0;
        uint256[8] memory proof = prover.prove(signals);
        uint256 multiples = (type(uint256).max - signals[index]) / R;
        assertGe(multiples, 4);
        for (uint256 k = 1; k <= multiples; ++k) {
            signals[index] += R;
            assertTrue(PlainVerifier.verify(prover.key(), proof, signals), "the equation alone would hold");
            _expectSignalRange(index, signals[index]);
            verifier.verify(keyHash, proof, signals);
        }
    }

    function testFuzz_swapped_signals_are_false(uint256 seed) public view {
        uint256[] memory signals = _signals(seed);
        uint256[8] memory proof = prover.prove(signals);
        (signals[0], signals[1]) = (signals[1], signals[0]);
        assertFalse(verifier.verify(keyHash, proof, signals));
    }

    function testFuzz_another_number_of_signals_is_told(uint256 count) public {
        count = bound(count, 0, 8);
        if (count == SIGNALS) count = 9;
        uint256[8] memory proof = prover.prove(_signals(1));
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.SignalCount.selector, count, SIGNALS));
        verifier.verify(keyHash, proof, new uint256[](count));
    }

    function testFuzz_a_proof_with_a_changed_bit_never_passes(uint256 seed, uint256 index, uint256 bit) public {
        uint256[] memory signals = _signals(seed);
        uint256[8] memory proof = prover.prove(signals);
        index = bound(index, 0, 7);
        proof[index] ^= 1 << bound(bit, 0, 255);
        // A single coordinate of a point of the curve, changed, is never another point's but for the sign of y.
        if (proof[index] >= P) {
            vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.ProofCoordinate.selector, index));
        } else {
            vm.expectRevert(IGroth16Verifier.ProofPoint.selector);
        }
        verifier.verify(keyHash, proof, signals);
    }

    function testFuzz_no_multiple_of_p_can_be_added_to_a_coordinate(uint256 seed, uint256 index) public {
        uint256[] memory signals = _signals(seed);
        uint256[8] memory proof = prover.prove(signals);
        index = bound(index, 0, 7);
        uint256 multiples = (type(uint256).max - proof[index]) / P;
        for (uint256 k = 1; k <= multiples; ++k) {
            proof[index] += P;
            vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.ProofCoordinate.selector, index));
            verifier.verify(keyHash, proof, signals);
        }
    }

    function test_infinity_has_no_other_coordinates() public {
        for (uint256 i = 0; i < 8; ++i) {
            uint256[8] memory proof;
            proof[i] = P;
            vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.ProofCoordinate.selector, i));
            verifier.verify(keyHash, proof, _signals(1));
        }
    }

    function test_opposite_points_are_false() public view {
        uint256[] memory signals = _signals(2);
        uint256[8] memory proof = prover.prove(signals);
        for (uint256 i = 0; i < 2; ++i) {
            uint256[8] memory changed = proof;
            uint256 y = i == 0 ? 1 : 7;
            changed[y] = P - changed[y];
            assertFalse(verifier.verify(keyHash, changed, signals));
            changed[y] = P - changed[y];
        }
        (proof[4], proof[5]) = (P - proof[4], P - proof[5]);
        assertFalse(verifier.verify(keyHash, proof, signals));
    }

    function test_points_of_a_proof_at_infinity_are_false() public view {
        uint256[] memory signals = _signals(3);
        uint256[8] memory proof = prover.prove(signals);
        uint256[8] memory without = proof;
        (without[0], without[1]) = (0, 0);
        assertFalse(verifier.verify(keyHash, without, signals));
        without = prover.prove(signals);
        (without[6], without[7]) = (0, 0);
        assertFalse(verifier.verify(keyHash, without, signals));
        assertFalse(verifier.verify(keyHash, [uint256(0), 0, 0, 0, 0, 0, 0, 0], signals));
    }

    function test_points_off_their_curves_or_outside_the_subgroup_are_told() public {
        uint256[] memory signals = _signals(4);
        uint256[8] memory proof = prover.prove(signals);
        uint256[4] memory outside = Bn254G2.outsideSubgroup();
        uint256[2] memory a = [proof[0], proof[1]];
        uint256[2] memory c = [proof[6], proof[7]];
        uint256[4] memory b = Bn254G2.generator();
        _expectProofPoint(prover.join([uint256(1), 3], b, c), signals);
        _expectProofPoint(prover.join(a, [uint256(1), 2, 3, 4], c), signals);
        _expectProofPoint(prover.join(a, outside, c), signals);
        _expectProofPoint(prover.join(a, b, [uint256(1), 3]), signals);
    }

    /// @dev Known and harmless: the statement is the same. Nothing may take a proof's bytes for an identity.
    function testFuzz_a_proof_scaled_by_a_factor_is_true_as_well(uint256 seed, uint256 factor) public view {
        uint256[] memory signals = _signals(seed);
        (uint256[2] memory a, uint256[4] memory b, uint256[2] memory c) = _split(prover.prove(signals));
        factor = bound(factor, 2, R - 1);
        a = Bn254G1.mul(a, factor);
        uint256[4] memory scaled = Bn254G2.mul(b, modularInverse(factor, R));
        assertTrue(verifier.verify(keyHash, prover.join(a, scaled, c), signals));
        assertFalse(verifier.verify(keyHash, prover.join(a, b, c), signals));
    }

    /// @dev The other way to make a proof of a proof: (A, B + s·delta, C + s·A).
    function testFuzz_a_proof_shifted_by_delta_is_true_as_well(uint256 seed, uint256 factor) public view {
        uint256[] memory signals = _signals(seed);
        (uint256[2] memory a, uint256[4] memory b, uint256[2] memory c) = _split(prover.prove(signals));
        factor = bound(factor, 1, R - 1);
        b = Bn254G2.add(b, Bn254G2.mul(Words.g2(prover.key(), 10), factor));
        assertFalse(verifier.verify(keyHash, prover.join(a, b, c), signals));
        c = Bn254G1.add(c, Bn254G1.mul(a, factor));
        assertTrue(verifier.verify(keyHash, prover.join(a, b, c), signals));
    }

    function test_a_proof_under_another_key_is_false() public {
        SimulatedProver other = new SimulatedProver(SIGNALS, 2);
        bytes32 otherHash = verifier.storeKey(other.key());
        uint256[] memory signals = _signals(6);
        uint256[8] memory proof = other.prove(signals);
        assertTrue(verifier.verify(otherHash, proof, signals));
        assertFalse(verifier.verify(keyHash, proof, signals));
    }

    function _split(uint256[8] memory proof)
        private
        pure
        returns (uint256[2] memory a, uint256[4] memory b, uint256[2] memory c)
    {
        return ([proof[0], proof[1]], [proof[2], proof[3], proof[4], proof[5]], [proof[6], proof[7]]);
    }

    function _expectSignalRange(uint256 index, uint256 signal) private {
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.SignalRange.selector, index, signal));
    }

    function _expectProofPoint(uint256[8] memory proof, uint256[] memory signals) private {
        vm.expectRevert(IGroth16Verifier.ProofPoint.selector);
        verifier.verify(keyHash, proof, signals);
    }
}
