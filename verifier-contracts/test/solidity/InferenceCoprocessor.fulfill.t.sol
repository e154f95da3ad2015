// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InferenceCoprocessor} from "../../contracts/InferenceCoprocessor.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @title What a proof must show, whom it pays, and that it does so once
contract InferenceCoprocessorFulfillTest is CoprocessorFixture {
    uint256 private constant ROYALTY = uint256(MODEL_PRICE) * ROYALTY_BASIS_POINTS / 10_000;

    function test_a_fulfilment_pays_payee_owner_and_royalty_receiver_to_the_last_wei() public {
        bytes32 requestId = requestSmall();
        skip(77);
        fulfill(requestId);
        assertEq(balance(worker), WORKER_FEE);
        assertEq(balance(modelOwner), MODEL_PRICE - ROYALTY);
        assertEq(balance(royaltyReceiver), ROYALTY);
        assertEq(coprocessor.escrowed(CURRENCY), 0);
        assertSolvent(uint256(WORKER_FEE) + MODEL_PRICE);
    }

    function test_a_fulfilment_is_stored_and_counted() public {
        bytes32 requestId = requestSmall();
        skip(77);
        fulfill(requestId);
        I.Request memory stored = coprocessor.request(requestId);
        assertStatus(requestId, I.RequestStatus.Fulfilled);
        assertEq(stored.payee, worker);
        assertEq(stored.fulfilledAt, START + 77);
        (uint256 outputHash, uint256[] memory words) = coprocessor.output(requestId);
        assertEq(outputHash, stored.outputHash);
        assertEq(words, someWords(1));
        fulfill(requestSmall());
        (uint64 fulfilled, uint64 totalLatency) = coprocessor.payeeRecord(worker);
        assertEq(fulfilled, 2);
        assertEq(totalLatency, 77);
    }

    function test_a_model_without_royalty_pays_its_owner_alone() public {
        bytes32 requestId = request(termsOf(fullModel));
        fulfill(requestId);
        assertEq(balance(modelOwner), MODEL_PRICE);
        (, uint256[] memory words) = coprocessor.output(requestId);
        assertEq(words, someWords(3));
    }

    function test_tokens_are_paid_out_like_the_currency() public {
        fulfill(request(inTokens(termsOf(smallModel))));
        uint256 royalty = uint256(TOKEN_PRICE) * ROYALTY_BASIS_POINTS / 10_000;
        assertEq(coprocessor.balanceOf(worker, address(token)), WORKER_FEE);
        assertEq(coprocessor.balanceOf(modelOwner, address(token)), TOKEN_PRICE - royalty);
        assertEq(coprocessor.balanceOf(royaltyReceiver, address(token)), royalty);
        assertEq(coprocessor.escrowed(address(token)), 0);
    }

    function test_free_work_on_a_free_model_moves_nothing() public {
        vm.prank(modelOwner);
        registry.setPrice(smallModel, CURRENCY, true, 0);
        skip(30 days);
        I.RequestTerms memory terms = termsOf(smallModel);
        (terms.modelPrice, terms.workerFee) = (0, 0);
        fulfill(request(terms));
        assertEq(balance(worker), 0);
        assertSolvent(0);
    }

    function test_a_commitment_is_delivered_without_words() public {
        bytes32 requestId = request(termsOf(wideModel));
        I.Fulfilment memory item = fulfilmentOf(requestId);
        item.outputSalt = 1;
        _expectRefusal(item, abi.encodeWithSelector(I.OutputMismatch.selector, requestId));
        (item.outputSalt, item.outputWords) = (0, someWords(4));
        _expectRefusal(item, abi.encodeWithSelector(I.OutputMismatch.selector, requestId));
        item.outputWords = new uint256[](0);
        coprocessor.fulfill(item);
        (uint256 outputHash, uint256[] memory words) = coprocessor.output(requestId);
        assertEq(outputHash, item.outputHash);
        assertEq(words.length, 0);
    }

    function test_whoever_submits_a_proof_it_pays_the_payee_it_names(address anyone) public {
        bytes32 requestId = requestSmall();
        I.Fulfilment memory item = fulfilmentOf(requestId);
        vm.prank(anyone);
        coprocessor.fulfill(item);
        assertEq(coprocessor.request(requestId).payee, worker);
        assertEq(balance(worker), WORKER_FEE);
        vm.prank(worker);
        _expectRefusal(item, abi.encodeWithSelector(I.RequestNotOpen.selector, requestId, I.RequestStatus.Fulfilled));
    }

    function test_a_proof_does_not_hold_for_another_payee(address payee) public {
        vm.assume(payee != worker && payee != address(0));
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        item.payee = payee;
        _expectRefusal(item, abi.encodeWithSelector(I.InvalidProof.selector, item.requestId));
    }

    function test_nobody_is_no_payee() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall(), address(0));
        _expectRefusal(item, abi.encodePacked(IGuardedRoles.ZeroAddress.selector));
    }

    function test_an_output_cannot_be_stripped_or_altered(uint256 change) public {
        vm.assume(change != 0);
        I.Fulfilment memory item = fulfilmentOf(request(termsOf(fullModel)));
        bytes memory refusal = abi.encodeWithSelector(I.OutputMismatch.selector, item.requestId);
        uint256[] memory words = item.outputWords;
        item.outputWords = new uint256[](0);
        _expectRefusal(item, refusal);
        item.outputWords = someWords(2);
        _expectRefusal(item, refusal);
        item.outputWords = words;
        words[change % 3] ^= change;
        _expectRefusal(item, refusal);
        words[change % 3] ^= change;
        item.outputSalt ^= change;
        _expectRefusal(item, refusal);
        item.outputSalt ^= change;
        uint256 outputHash = item.outputHash;
        item.outputHash = outputHash == change % R ? change % R + 1 : change % R;
        _expectRefusal(item, refusal);
        item.outputHash = outputHash;
        coprocessor.fulfill(item);
    }

    function test_an_altered_commitment_has_no_proof(uint256 outputHash) public {
        I.Fulfilment memory item = fulfilmentOf(request(termsOf(wideModel)));
        outputHash = bound(outputHash, 0, R - 1);
        vm.assume(outputHash != item.outputHash);
        item.outputHash = outputHash;
        _expectRefusal(item, abi.encodeWithSelector(I.InvalidProof.selector, item.requestId));
    }

    function test_every_alias_of_words_salt_and_hash_is_refused() public {
        I.Fulfilment memory item = fulfilmentOf(request(termsOf(fullModel)));
        bytes memory refusal = abi.encodeWithSelector(I.OutputMismatch.selector, item.requestId);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 word = item.outputWords[i];
            for (uint256 alias_ = word; alias_ <= type(uint256).max - R;) {
                item.outputWords[i] = alias_ += R;
                _expectRefusal(item, refusal);
            }
            item.outputWords[i] = word;
        }
        uint256 salt = item.outputSalt;
        for (uint256 alias_ = salt; alias_ <= type(uint256).max - R;) {
            item.outputSalt = alias_ += R;
            _expectRefusal(item, refusal);
        }
        item.outputSalt = salt;
        for (uint256 alias_ = item.outputHash; alias_ <= type(uint256).max - R;) {
            item.outputHash = alias_ += R;
            _expectRefusal(item, abi.encodeWithSelector(I.OutputHashRange.selector, alias_));
        }
        item.outputHash %= R;
        coprocessor.fulfill(item);
    }

    function test_every_alias_of_a_delivered_commitment_is_refused(uint256 outputHash) public {
        I.Fulfilment memory item = fulfilmentOf(request(termsOf(wideModel)));
        for (uint256 alias_ = bound(outputHash, 0, R - 1); alias_ <= type(uint256).max - R;) {
            item.outputHash = alias_ += R;
            _expectRefusal(item, abi.encodeWithSelector(I.OutputHashRange.selector, alias_));
        }
    }

    function test_a_flipped_bit_of_a_proof_is_refused(uint256 word, uint256 bit) public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        item.proof[word % 8] ^= 1 << bit % 256;
        vm.expectRevert();
        coprocessor.fulfill(item);
        assertStatus(item.requestId, I.RequestStatus.Open);
    }

    function test_malformed_proofs_are_named_by_the_verifier() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        uint256 coordinate = item.proof[6];
        item.proof[6] = type(uint256).max;
        _expectRefusal(item, abi.encodeWithSelector(IGroth16Verifier.ProofCoordinate.selector, 6));
        item.proof[6] = coordinate ^ 1;
        _expectRefusal(item, abi.encodePacked(IGroth16Verifier.ProofPoint.selector));
    }

    function test_another_proof_of_the_same_changes_nothing(uint256 a) public {
        bytes32 requestId = requestSmall();
        I.Fulfilment memory item = fulfilmentOf(requestId);
        uint256[] memory signals = new uint256[](3);
        (signals[0], signals[1]) = (item.outputHash, coprocessor.request(requestId).inputHash);
        signals[2] = coprocessor.binderOf(requestId, worker);
        fulfill(requestId);
        item.proof = prover.prove(signals, bound(a, 1, R - 1));
        assertTrue(verifier.verify(prover.keyHash(), item.proof, signals));
        _expectRefusal(item, abi.encodeWithSelector(I.RequestNotOpen.selector, requestId, I.RequestStatus.Fulfilled));
        assertEq(balance(worker), WORKER_FEE);
    }

    function test_a_proof_serves_one_request_alone() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        bytes32 otherId = requestSmall();
        item.requestId = otherId;
        _expectRefusal(item, abi.encodeWithSelector(I.InvalidProof.selector, otherId));
    }

    function test_a_proof_serves_one_chain_alone() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        uint256 chainId = block.chainid;
        vm.chainId(chainId + 1);
        _expectRefusal(item, abi.encodeWithSelector(I.InvalidProof.selector, item.requestId));
        vm.chainId(chainId);
        coprocessor.fulfill(item);
    }

    function test_a_proof_serves_one_coprocessor_alone() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        I.Fulfilment memory item = fulfilmentOf(request(terms));
        coprocessor = deployCoprocessor();
        _expectRefusal(item, abi.encodeWithSelector(I.RequestUnknown.selector, item.requestId));
        item.requestId = request(terms);
        _expectRefusal(item, abi.encodeWithSelector(I.InvalidProof.selector, item.requestId));
    }

    function test_proofs_count_up_to_the_deadline(bool early) public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        vm.warp(early ? terms.deadline - 1 : terms.deadline);
        fulfill(requestId);
        assertEq(coprocessor.request(requestId).fulfilledAt, vm.getBlockTimestamp());
    }

    function test_proofs_after_the_deadline_are_late() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        I.Fulfilment memory item = fulfilmentOf(request(terms));
        vm.warp(terms.deadline + 1);
        _expectRefusal(item, abi.encodeWithSelector(I.DeadlinePassed.selector, item.requestId, terms.deadline));
        vm.warp(terms.deadline + 8 days);
        _expectRefusal(item, abi.encodeWithSelector(I.DeadlinePassed.selector, item.requestId, terms.deadline));
    }

    function test_an_outage_of_the_sequencer_moves_the_deadline() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        feed.push(true, START + 600);
        feed.push(false, START + 1_000);
        uint256 extended = terms.deadline + 400 + 1 hours;
        assertEq(coprocessor.effectiveDeadline(requestId), terms.deadline); // Nothing happened as of now.
        vm.warp(extended + 1);
        assertEq(coprocessor.effectiveDeadline(requestId), extended);
        I.Fulfilment memory item = fulfilmentOf(requestId);
        _expectRefusal(item, abi.encodeWithSelector(I.DeadlinePassed.selector, requestId, extended));
        vm.warp(extended);
        coprocessor.fulfill(item);
    }

    function test_a_frozen_model_fulfils_nothing_until_it_is_active_again() public {
        bytes32 requestId = requestSmall();
        I.Fulfilment memory item = fulfilmentOf(requestId);
        vm.prank(modelOwner);
        registry.freeze(smallModel);
        _expectRefusal(item, abi.encodeWithSelector(I.ModelNotActive.selector, smallModel));
        vm.prank(modelOwner);
        registry.unfreeze(smallModel);
        coprocessor.fulfill(item);
    }

    function test_frozen_requests_stop_no_fulfilment() public {
        bytes32 requestId = requestSmall();
        vm.prank(guardian);
        coprocessor.freezeRequests();
        fulfill(requestId);
    }

    function test_a_change_of_price_leaves_open_requests_alone() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.deadline = START + 30 days;
        bytes32 requestId = request(terms);
        vm.prank(modelOwner);
        registry.setPrice(smallModel, CURRENCY, true, 7);
        skip(20 days);
        assertEq(registry.price(smallModel, CURRENCY), 7);
        fulfill(requestId);
        assertEq(balance(modelOwner) + balance(royaltyReceiver), MODEL_PRICE);
    }

    function test_unknown_requests_and_open_outputs_are_refused() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        vm.expectRevert(abi.encodeWithSelector(I.RequestNotOpen.selector, item.requestId, I.RequestStatus.Open));
        coprocessor.output(item.requestId);
        item.requestId = "none";
        _expectRefusal(item, abi.encodeWithSelector(I.RequestUnknown.selector, item.requestId));
    }

    function test_a_starved_fulfilment_never_calls_a_valid_proof_invalid(uint256 gasGiven) public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        try coprocessor.fulfill{gas: bound(gasGiven, 20_000, 700_000)}(item) {
            assertStatus(item.requestId, I.RequestStatus.Fulfilled);
        } catch (bytes memory reason) {
            assertNotEq(bytes32(bytes4(reason)), bytes32(I.InvalidProof.selector));
            assertStatus(item.requestId, I.RequestStatus.Open);
        }
    }

    function _expectRefusal(I.Fulfilment memory item, bytes memory refusal) private {
        vm.expectRevert(refusal);
        coprocessor.fulfill(item);
    }
}
