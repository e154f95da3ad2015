// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER as P, SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Bn254G1} from "./support/Bn254G1.sol";
import {Bn254G2} from "./support/Bn254G2.sol";
import {VerifierTest} from "./support/VerifierTest.sol";

/// @notice Batches are true exactly when every proof in them is.
contract Groth16VerifierBatchTest is VerifierTest {
    uint256 private constant MAX_COUNT = 6;

    function testFuzz_a_batch_of_valid_proofs_is_true(uint256 seed, uint256 count) public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, bound(count, 1, MAX_COUNT));
        assertTrue(verifier.verifyBatch(keyHash, proofs, signals));
    }

    function testFuzz_one_wrong_proof_makes_a_batch_false(uint256 seed, uint256 count, uint256 wrong) public view {
        count = bound(count, 1, MAX_COUNT);
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, count);
        wrong = bound(wrong, 0, count - 1);
        uint256 signal = wrong % SIGNALS;
        signals[wrong][signal] = addmod(signals[wrong][signal], 1, R);
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    function testFuzz_signals_swapped_between_proofs_make_a_batch_false(uint256 seed, uint256 index) public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 3);
        index = bound(index, 0, SIGNALS - 1);
        (signals[0][index], signals[2][index]) = (signals[2][index], signals[0][index]);
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
        (signals[0], signals[2]) = (signals[2], signals[0]);
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    function test_the_same_proof_twice_is_true() public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(1, 2);
        (proofs[1], signals[1]) = (proofs[0], signals[0]);
        assertTrue(verifier.verifyBatch(keyHash, proofs, signals));
    }

    function test_points_at_infinity_are_no_error_but_false() public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(2, 2);
        proofs[1] = [uint256(0), 0, 0, 0, 0, 0, 0, 0];
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    /// @dev Two wrong proofs whose errors are opposite. With all coefficients 1 only the sum of the C counts, and that is the
    ///   valid proofs'.
    function testFuzz_errors_that_cancel_make_a_batch_false(uint256 seed, uint256 multiple) public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 2);
        uint256[2] memory sum = _sumOfC(proofs);
        uint256[2] memory shift = Bn254G1.mul(Bn254G1.generator(), bound(multiple, 1, R - 1));
        _addToC(proofs[0], shift);
        _addToC(proofs[1], Bn254G1.neg(shift));
        assertEq(abi.encode(_sumOfC(proofs)), abi.encode(sum));
        assertFalse(verifier.verify(keyHash, proofs[0], signals[0]));
        assertFalse(verifier.verify(keyHash, proofs[1], signals[1]));
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    /// @dev Who knows the coefficients of one batch fits errors to them, and so makes another batch with other coefficients.
    ///   The second hash is what a seed that leaves the proofs out would be.
    function testFuzz_proofs_fitted_to_coefficients_make_a_batch_false(uint256 seed, uint256 multiple) public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 2);
        bytes32 hash = keccak256(abi.encode(keyHash, proofs, signals));
        if (multiple % 2 == 0) hash = keccak256(abi.encode(keyHash, signals));
        uint256[2] memory shift = Bn254G1.mul(Bn254G1.generator(), bound(multiple, 1, R - 1));
        _addToC(proofs[0], Bn254G1.mul(shift, _coefficient(hash, 1)));
        _addToC(proofs[1], Bn254G1.neg(Bn254G1.mul(shift, _coefficient(hash, 0))));
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    /// @dev The same with signals, whose multiples are added up too.
    function testFuzz_signals_fitted_to_coefficients_make_a_batch_false(uint256 seed, uint256 multiple) public view {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 2);
        bytes32 hash = keccak256(abi.encode(keyHash, proofs, signals));
        if (multiple % 2 == 0) hash = keccak256(abi.encode(keyHash, proofs));
        multiple = bound(multiple, 1, R - 1);
        signals[0][1] = addmod(signals[0][1], mulmod(multiple, _coefficient(hash, 1), R), R);
        signals[1][1] = addmod(signals[1][1], R - mulmod(multiple, _coefficient(hash, 0), R), R);
        assertFalse(verifier.verifyBatch(keyHash, proofs, signals));
    }

    function test_an_empty_batch_and_unequal_lengths_are_told() public {
        _expectBatchLength(0, 0);
        _expectBatchLength(0, 1);
        _expectBatchLength(1, 0);
        _expectBatchLength(2, 3);
    }

    function testFuzz_another_number_of_signals_is_told(uint256 which) public {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(3, 3);
        signals[bound(which, 0, 2)] = new uint256[](2);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.SignalCount.selector, 2, SIGNALS));
        verifier.verifyBatch(keyHash, proofs, signals);
    }

    function testFuzz_no_multiple_of_r_can_be_added_to_a_signal(uint256 seed, uint256 index) public {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 2);
        uint256 proof = index % 2;
        index = bound(index, 0, SIGNALS - 1);
        if (seed % 2 == 0) signals[proof][index] = 0; // The proof is not reached.
        while (signals[proof][index] <= type(uint256).max - R) {
            signals[proof][index] += R;
            vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.SignalRange.selector, index, signals[proof][index]));
            verifier.verifyBatch(keyHash, proofs, signals);
        }
    }

    function testFuzz_a_coordinate_with_a_changed_bit_never_passes(uint256 seed, uint256 index, uint256 bit) public {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(seed, 2);
        uint256[8] memory proof = proofs[seed % 2];
        index = bound(index, 0, 7);
        proof[index] ^= 1 << bound(bit, 0, 255);
        if (proof[index] >= P) {
            vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.ProofCoordinate.selector, index));
        } else {
            vm.expectRevert(IGroth16Verifier.ProofPoint.selector);
        }
        verifier.verifyBatch(keyHash, proofs, signals);
    }

    function test_a_b_outside_the_subgroup_is_told() public {
        (uint256[8][] memory proofs, uint256[][] memory signals) = _batch(4, 2);
        uint256[4] memory outside = Bn254G2.outsideSubgroup();
        for (uint256 i = 0; i < 4; ++i) {
            proofs[1][2 + i] = outside[i];
        }
        vm.expectRevert(IGroth16Verifier.ProofPoint.selector);
        verifier.verifyBatch(keyHash, proofs, signals);
    }

    function _batch(uint256 seed, uint256 count)
        private
        view
        returns (uint256[8][] memory proofs, uint256[][] memory signals)
    {
        proofs = new uint256[8][](count);
        signals = new uint256[][](count);
        for (uint256 i = 0; i < count; ++i) {
            signals[i] = _signals(uint256(keccak256(abi.encode(seed, i))));
            proofs[i] = prover.prove(signals[i]);
        }
    }

    function _addToC(uint256[8] memory proof, uint256[2] memory point) private view {
        uint256[2] memory sum = Bn254G1.add([proof[6], proof[7]], point);
        (proof[6], proof[7]) = (sum[0], sum[1]);
    }

    function _sumOfC(uint256[8][] memory proofs) private view returns (uint256[2] memory sum) {
        for (uint256 i = 0; i < proofs.length; ++i) {
            sum = Bn254G1.add(sum, [proofs[i][6], proofs[i][7]]);
        }
    }

    /// @dev As the verifier draws it, with `seed` the hash over the batch.
    function _coefficient(bytes32 seed, uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index))) % 2 ** 128;
    }

    function _expectBatchLength(uint256 proofs, uint256 lists) private {
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.BatchLength.selector, proofs, lists));
        verifier.verifyBatch(keyHash, new uint256[8][](proofs), new uint256[][](lists));
    }
}
