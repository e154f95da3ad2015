// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InferenceConsumer} from "../../contracts/InferenceConsumer.sol";
import {CreditGate} from "../../contracts/examples/CreditGate.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {CreditGateFixture} from "./support/CreditGateFixture.sol";

/// @notice Features of a borrower's own choice, and answers that come too late.
contract CreditGateAttacksTest is CreditGateFixture {
    function test_no_request_of_a_borrowers_own_moves_the_gate() public {
        IInferenceCoprocessor.RequestTerms memory terms = _ownTerms();
        IInferenceCoprocessor.InputSource memory input;
        input.words = Statement.pack(IModelRegistry.TensorSpec(8, 8, 1), _bestFeatures());
        vm.prank(borrower);
        bytes32 id = coprocessor.requestInference{value: COST}(terms, input);
        answer(id, 2);
        assertEq(gate.limitOf(borrower), 0);

        uint256[] memory words = new uint256[](1);
        words[0] = 2;
        uint256 outputHash = coprocessor.request(id).outputHash;
        vm.prank(borrower);
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotTheCoprocessor.selector, borrower));
        gate.onInference(id, model, outputHash, words);
        vm.prank(address(coprocessor));
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotAwaited.selector, id));
        gate.onInference(id, model, outputHash, words);
    }

    function test_a_proof_about_features_of_the_borrowers_choice_does_not_answer_the_gates_question() public {
        bytes32 id = ask(attestationFor(borrower, 0));
        IInferenceCoprocessor.Fulfilment memory item = fulfilmentOf(id, commitmentTo(_bestFeatures()), 2);
        vm.expectRevert(abi.encodeWithSelector(IInferenceCoprocessor.InvalidProof.selector, id));
        coprocessor.fulfill(item);
        assertEq(gate.limitOf(borrower), 0);
    }

    function testFuzz_no_attested_feature_can_be_changed(uint8[4] memory features) public {
        CreditGate.Attestation memory attestation = attestationFor(borrower, 0);
        bytes memory signature = sign(attestation);
        bytes32 signed = keccak256(abi.encode(attestation));
        (attestation.incomeBand, attestation.assetBand) = (features[0], features[1]);
        (attestation.yearsEmployed, attestation.otherDebtBand) = (features[2], features[3]);
        vm.assume(keccak256(abi.encode(attestation)) != signed);
        _expectRefusal(borrower, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_a_borrower_cannot_attest() public {
        (address self, uint256 key) = makeAddrAndKey("self");
        deal(self, 1 ether);
        CreditGate.Attestation memory attestation = attestationFor(self, 0);
        bytes memory signature = signWith(key, attestation);
        _expectRefusal(self, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_anothers_attestation_is_refused() public {
        CreditGate.Attestation memory attestation = attestationFor(borrower, 0);
        bytes memory signature = sign(attestation);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationOfAnother.selector, borrower);
        _expectRefusal(other, attestation, signature, refusal);
        attestation.borrower = other;
        _expectRefusal(other, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_an_attestation_is_used_once() public {
        CreditGate.Attestation memory attestation = attestationFor(borrower, 0);
        bytes memory signature = sign(attestation);
        ask(attestation);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationNonce.selector, 0, 1);
        _expectRefusal(borrower, attestation, signature, refusal);
        attestation.nonce = 1;
        _expectRefusal(borrower, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_an_attestation_expires() public {
        CreditGate.Attestation memory attestation = attestationFor(borrower, 0);
        bytes memory signature = sign(attestation);
        skip(1 hours + 1);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationExpired.selector, attestation.expiry);
        _expectRefusal(borrower, attestation, signature, refusal);
        vm.warp(attestation.expiry);
        ask(attestation);
    }

    function test_an_attestation_for_another_gate_or_chain_is_refused() public {
        CreditGate.Attestation memory attestation = attestationFor(borrower, 0);
        bytes memory signature = sign(attestation);
        bytes memory refusal = abi.encodePacked(CreditGate.AttestationSignature.selector);
        CreditGate first = gate;
        gate = new CreditGate(coprocessor, registry, model, attester, limits());
        _expectRefusal(borrower, attestation, signature, refusal);
        gate = first;
        vm.chainId(block.chainid + 1);
        _expectRefusal(borrower, attestation, signature, refusal);
    }

    function test_an_older_answer_does_not_undo_a_newer_one() public {
        bytes32 older = ask(attestationFor(borrower, 0));
        bytes32 newer = ask(attestationFor(borrower, 1));
        answer(newer, 0);
        answer(older, 2);
        assertCallback(older, IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(gate.limitOf(borrower), 0);
    }

    function test_what_happened_since_the_question_voids_the_answer() public {
        answer(ask(attestationFor(borrower, 0)), 1);
        bytes32 id = ask(attestationFor(borrower, 1));
        vm.prank(borrower);
        gate.borrow(1 ether);
        vm.expectEmit(address(gate));
        emit CreditGate.AnswerVoid(borrower, id);
        answer(id, 2);
        assertEq(gate.limitOf(borrower), 1 ether);
    }

    function _expectRefusal(
        address caller,
        CreditGate.Attestation memory attestation,
        bytes memory signature,
        bytes memory refusal
    ) private {
        vm.prank(caller);
        vm.expectRevert(refusal);
        gate.askForLimit{value: COST}(attestation, signature, offer());
    }

    function _ownTerms() private view returns (IInferenceCoprocessor.RequestTerms memory terms) {
        terms.modelId = model;
        (terms.modelPrice, terms.workerFee) = (MODEL_PRICE, WORKER_FEE);
        terms.deadline = uint64(vm.getBlockTimestamp() + 1 days);
        (terms.callbackGasLimit, terms.callbackGasPrice) = (100_000, GAS_PRICE);
        terms.refundAddress = borrower;
    }

    function _bestFeatures() private pure returns (uint256[] memory features) {
        features = new uint256[](8);
        (features[0], features[4], features[5]) = (255, 255, 255);
    }
}
