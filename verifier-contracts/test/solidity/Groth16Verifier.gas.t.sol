// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {Test} from "./support/Test.sol";

/// @notice What verification costs, without a transaction's 21,000 and its calldata. Exact figures are in the snapshot.
contract Groth16VerifierGasTest is Test {
    uint256 private constant BATCH = 16;

    Groth16Verifier private verifier;
    bytes32 private keyHash;
    uint256[8][] private proofs;
    uint256[][] private signals;

    function setUp() public {
        verifier = new Groth16Verifier();
        SimulatedProver prover = new SimulatedProver(3, 1);
        keyHash = verifier.storeKey(prover.key());
        for (uint256 i = 0; i < BATCH; ++i) {
            signals.push([uint256(keccak256(abi.encode(i, 0))) >> 3, uint256(keccak256(abi.encode(i, 1))) >> 3, i]);
            proofs.push(prover.prove(signals[i]));
        }
    }

    function test_one_proof_of_three_signals_costs_at_most_215000() public {
        (uint256[8] memory proof, uint256[] memory its) = (proofs[0], signals[0]);
        _cool();
        assertTrue(verifier.verify(keyHash, proof, its));
        assertLe(vm.snapshotGasLastCall("groth16-verifier", "verify, 3 signals"), 215_000);
    }

    function test_a_batch_of_16_costs_at_most_75000_a_proof() public {
        (uint256[8][] memory all, uint256[][] memory theirs) = (proofs, signals);
        _cool();
        assertTrue(verifier.verifyBatch(keyHash, all, theirs));
        uint256 spent = vm.snapshotGasLastCall("groth16-verifier", "verifyBatch, 16 proofs of 3 signals");
        assertLe(spent / BATCH, 75_000);
    }

    /// @dev Each contract is met for the first time in its transaction.
    function _cool() private {
        vm.cool(verifier.keyPointer(keyHash));
        vm.cool(address(verifier));
    }
}
