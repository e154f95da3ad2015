// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {VerifierTest} from "./support/VerifierTest.sol";

/// @notice However little gas there is, a valid proof never looks invalid, nor a good key bad.
contract Groth16VerifierStarvationTest is VerifierTest {
    /// @dev For code that is not optimised, too: so are coverage runs.
    uint256 private constant ENOUGH = 300_000;
    uint256 private constant ENOUGH_FOR_BATCH = 450_000;

    // EIP-1108, and what the verifier leaves for itself.
    uint256 private constant PAIRING_OF_FOUR = 45_000 + 4 * 34_000;
    uint256 private constant MULTIPLICATION = 6_000 + 150;
    uint256 private constant MARGIN = 1_000;

    bytes private one;
    bytes private batch;
    bytes private store;

    function setUp() public override {
        super.setUp();
        uint256[8][] memory proofs = new uint256[8][](2);
        uint256[][] memory signals = new uint256[][](2);
        for (uint256 i = 0; i < 2; ++i) {
            signals[i] = _signals(i);
            proofs[i] = prover.prove(signals[i]);
        }
        one = abi.encodeCall(IGroth16Verifier.verify, (keyHash, proofs[0], signals[0]));
        batch = abi.encodeCall(IGroth16Verifier.verifyBatch, (keyHash, proofs, signals));
        store = abi.encodeCall(IGroth16Verifier.storeKey, (new SimulatedProver(1, 9).key()));
    }

    function testFuzz_verify_is_true_or_reverts_for_lack_of_gas(uint256 gas_) public {
        gas_ = bound(gas_, 0, 400_000);
        if (_isTrueOrStarved(one, gas_)) assertGe(gas_, 200_000);
        else assertLt(gas_, ENOUGH);
    }

    function testFuzz_verify_batch_is_true_or_reverts_for_lack_of_gas(uint256 gas_) public {
        gas_ = bound(gas_, 0, 600_000);
        if (_isTrueOrStarved(batch, gas_)) assertGe(gas_, 260_000);
        else assertLt(gas_, ENOUGH_FOR_BATCH);
    }

    /// @dev Each precompile call in turn runs short, by one unit of gas after the other where it matters most: around the look
    ///   at the gas before the pairing.
    function test_no_amount_of_gas_around_the_pairing_makes_a_valid_proof_look_invalid() public {
        uint256 least = _leastGas(one, 180_000, ENOUGH);
        for (uint256 gas_ = least - 150; gas_ < least + 150; ++gas_) {
            assertEq(_isTrueOrStarved(one, gas_), gas_ >= least);
        }
    }

    function test_in_steps_from_nothing_on_a_valid_proof_never_looks_invalid() public {
        for (uint256 gas_ = 0; gas_ < 215_000; gas_ += 499) {
            _isTrueOrStarved(one, gas_);
        }
    }

    function test_lack_of_gas_is_told_by_name_with_what_is_needed() public {
        uint256 least = _leastGas(one, 180_000, ENOUGH);
        assertEq(_neededAfterFailing(least - 1), PAIRING_OF_FOUR * 64 / 63 + MARGIN);
        assertEq(_neededAfterFailing(11_000), MULTIPLICATION * 64 / 63 + MARGIN);
    }

    function testFuzz_storing_a_good_key_succeeds_or_reverts_for_lack_of_gas(uint256 gas_) public {
        gas_ = bound(gas_, 0, 900_000);
        (bool success, bytes memory result) = address(verifier).call{gas: gas_}(store);
        if (success) assertGt(gas_, 300_000);
        else _expectStarved(result);
    }

    /// @dev A precompile that fails for a wrong point eats its gas: that must not be mistaken for a lack of it.
    function test_with_just_enough_gas_a_wrong_point_is_still_told_as_such() public {
        uint256 least = _leastGas(one, 180_000, ENOUGH);
        uint256[8] memory proof = prover.prove(_signals(0));
        proof[2] ^= 1;
        bytes memory data = abi.encodeCall(IGroth16Verifier.verify, (keyHash, proof, _signals(0)));
        (bool success, bytes memory result) = address(verifier).call{gas: least + 5_000}(data);
        assertFalse(success);
        assertEq(result, abi.encodeWithSelector(IGroth16Verifier.ProofPoint.selector));
    }

    /// @return True if the call answered true, false if it reverted for lack of gas; anything else fails the test.
    function _isTrueOrStarved(bytes memory data, uint256 gas_) private returns (bool) {
        (bool success, bytes memory result) = address(verifier).call{gas: gas_}(data);
        if (success) assertTrue(abi.decode(result, (bool)), "a valid proof looked invalid");
        else _expectStarved(result);
        return success;
    }

    /// @dev What the verifier says it needs at the point where this gas does not suffice.
    function _neededAfterFailing(uint256 gas_) private returns (uint256 needed) {
        (bool success, bytes memory reason) = address(verifier).call{gas: gas_}(one);
        assertFalse(success);
        assertEq(bytes32(_selectorOf(reason)), bytes32(IGroth16Verifier.InsufficientGas.selector));
        assertEq(reason.length, 4 + 64);
        assembly ("memory-safe") {
            needed := mload(add(reason, 0x44))
        }
    }

    /// @dev Running out of gas outright reverts with nothing.
    function _expectStarved(bytes memory reason) private pure {
        if (reason.length == 0) return;
        assertEq(bytes32(_selectorOf(reason)), bytes32(IGroth16Verifier.InsufficientGas.selector));
    }

    /// @dev The least gas with which a call succeeds, by bisection between one that fails and one that does not.
    function _leastGas(bytes memory data, uint256 low, uint256 high) private returns (uint256) {
        assertTrue(_isTrueOrStarved(data, high));
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (_isTrueOrStarved(data, middle)) high = middle;
            else low = middle;
        }
        return high;
    }
}
