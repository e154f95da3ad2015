// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {Poseidon} from "../../contracts/Poseidon.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {BASE_FIELD_ORDER as P, SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {IrisFixtures} from "./support/IrisFixtures.sol";

/// @notice Proofs that a prover made of a real network: the statement is the one that contracts derive.
contract Groth16VerifierRealTest is IrisFixtures {
    Groth16Verifier private verifier;
    IrisModel private model;

    function setUp() public {
        verifier = new Groth16Verifier();
        model = _irisModel();
        verifier.storeKey(model.key);
    }

    function test_the_keys_hash_and_the_models_id_are_as_computed_off_chain() public view {
        assertEq(keccak256(model.key), model.keyHash);
        assertEq(verifier.signalCount(model.keyHash), 3);
        assertEq(Statement.modelId(model.owner, model.keyHash, model.identity), model.modelId);
    }

    function test_every_proof_is_true_for_the_signals_that_the_coprocessor_derives() public {
        for (uint256 i = 0; i < IRIS_PROOFS; ++i) {
            IrisProof memory item = _irisProof(i);
            bytes32 requestId = Statement.requestId(block.chainid, _irisCoprocessor(), item.requester, item.terms);
            assertEq(requestId, item.requestId);
            uint256 binder = Statement.binder(block.chainid, _irisCoprocessor(), requestId, model.modelId, item.payee);
            assertEq(item.signals, _signals(item.signals[0], item.terms.inputHash, binder));
            assertTrue(verifier.verify(model.keyHash, item.proof, item.signals));
        }
    }

    function test_words_and_salts_open_the_signals() public {
        Poseidon poseidon = new Poseidon();
        for (uint256 i = 0; i < IRIS_PROOFS; ++i) {
            IrisProof memory item = _irisProof(i);
            uint256[2] memory salts = [item.inputSalt, item.outputSalt];
            (uint256[] memory input, uint256[] memory output) = (item.inputWords, item.outputWords);
            assertEq(Statement.commitOutput(poseidon, model.identity.outputSpec, output, salts[1]), item.signals[0]);
            assertEq(Statement.commitInput(poseidon, model.identity.inputSpec, input, salts[0]), item.signals[1]);
            assertEq(Statement.outputSalt(poseidon, salts[0]), salts[1]);
        }
    }

    function test_all_proofs_are_true_as_a_batch_and_false_with_one_payee_exchanged() public {
        uint256[8][] memory proofs = new uint256[8][](IRIS_PROOFS);
        uint256[][] memory signals = new uint256[][](IRIS_PROOFS);
        for (uint256 i = 0; i < IRIS_PROOFS; ++i) {
            IrisProof memory item = _irisProof(i);
            (proofs[i], signals[i]) = (item.proof, item.signals);
        }
        assertTrue(verifier.verifyBatch(model.keyHash, proofs, signals));
        signals[IRIS_OPEN][2] = signals[IRIS_OF_RIVAL][2];
        assertFalse(verifier.verifyBatch(model.keyHash, proofs, signals));
    }

    function test_a_proof_is_false_for_another_chain_coprocessor_request_or_payee() public {
        IrisProof memory item = _irisProof(IRIS_OPEN);
        IrisProof memory other = _irisProof(IRIS_OTHER_INPUT);
        address coprocessor = _irisCoprocessor();
        _expectFalse(item, Statement.binder(1, coprocessor, item.requestId, model.modelId, item.payee));
        _expectFalse(item, Statement.binder(block.chainid, item.payee, item.requestId, model.modelId, item.payee));
        _expectFalse(item, Statement.binder(block.chainid, coprocessor, other.requestId, model.modelId, item.payee));
        _expectFalse(item, Statement.binder(block.chainid, coprocessor, item.requestId, model.keyHash, item.payee));
        _expectFalse(item, Statement.binder(block.chainid, coprocessor, item.requestId, model.modelId, address(1)));
    }

    function testFuzz_a_changed_bit_of_a_signal_never_passes(uint256 index, uint256 signal, uint256 bit) public {
        IrisProof memory item = _irisProof(index % IRIS_PROOFS);
        signal = signal % 3;
        item.signals[signal] ^= 1 << (bit % 256);
        if (item.signals[signal] >= R) vm.expectPartialRevert(IGroth16Verifier.SignalRange.selector);
        assertFalse(verifier.verify(model.keyHash, item.proof, item.signals));
    }

    function testFuzz_a_changed_bit_of_a_proof_never_passes(uint256 index, uint256 field, uint256 bit) public {
        IrisProof memory item = _irisProof(index % IRIS_PROOFS);
        field = field % 8;
        item.proof[field] ^= 1 << (bit % 256);
        vm.expectPartialRevert(
            item.proof[field] >= P ? IGroth16Verifier.ProofCoordinate.selector : IGroth16Verifier.ProofPoint.selector
        );
        verifier.verify(model.keyHash, item.proof, item.signals);
    }

    /// @dev snarkjs writes decimal strings, the real part of a coordinate of G2 first; contracts take the imaginary one first.
    function test_words_are_those_of_snarkjs_with_the_parts_of_b_exchanged() public {
        uint256[8] memory proof = _irisProof(IRIS_OPEN).proof;
        string[8] memory keys =
            ["pi_a[0]", "pi_a[1]", "pi_b[0][1]", "pi_b[0][0]", "pi_b[1][1]", "pi_b[1][0]", "pi_c[0]", "pi_c[1]"];
        for (uint256 i = 0; i < 8; ++i) {
            string memory decimal = _irisText(string.concat(".requests[0].proofJson.", keys[i]));
            assertEq(decimal, vm.toString(proof[i]));
        }
    }

    function _signals(uint256 outputHash, uint256 inputHash, uint256 binder)
        private
        pure
        returns (uint256[] memory signals)
    {
        signals = new uint256[](3);
        (signals[0], signals[1], signals[2]) = (outputHash, inputHash, binder);
    }

    function _expectFalse(IrisProof memory item, uint256 binder) private view {
        uint256[] memory signals = _signals(item.signals[0], item.signals[1], binder);
        assertFalse(verifier.verify(model.keyHash, item.proof, signals));
    }
}
