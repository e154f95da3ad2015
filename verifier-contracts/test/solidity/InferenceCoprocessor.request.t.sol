// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InferenceCoprocessor} from "../../contracts/InferenceCoprocessor.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {IPoseidon} from "../../contracts/interfaces/IPoseidon.sol";
import {ISequencerUptimeFeed} from "../../contracts/interfaces/ISequencerUptimeFeed.sol";
import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @title What is asked, who may ask, and what it costs
contract InferenceCoprocessorRequestTest is CoprocessorFixture {
    function test_a_request_is_stored_as_asked_and_its_money_escrowed() public {
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), 100_000, 3 gwei);
        bytes32 requestId = request(terms);
        I.Request memory stored = coprocessor.request(requestId);
        assertStatus(requestId, I.RequestStatus.Open);
        assertCallback(requestId, I.CallbackStatus.None);
        assertEq(stored.requester, requester);
        assertEq(stored.refundAddress, refundAddress);
        assertEq(stored.payee, address(0));
        assertEq(stored.token, CURRENCY);
        assertEq(stored.modelPrice, MODEL_PRICE);
        assertEq(stored.workerFee, WORKER_FEE);
        assertEq(stored.createdAt, START);
        assertEq(stored.deadline, terms.deadline);
        assertEq(stored.fulfilledAt, 0);
        assertEq(stored.callbackGasLimit, 100_000);
        assertEq(stored.callbackGasPrice, 3 gwei);
        assertEq(stored.modelId, smallModel);
        assertEq(stored.outputHash, 0);
        assertEq(coprocessor.escrowed(CURRENCY), valueOf(terms));
        assertSolvent(0);
    }

    function test_words_up_to_three_are_committed_to_on_chain() public {
        (,, IModelRegistry.TensorSpec memory spec,) = registry.verificationTerms(smallModel);
        uint256 committed = Statement.commitInput(poseidon, spec, someWords(2), 0);
        I.RequestTerms memory terms = termsOf(smallModel);
        assertEq(coprocessor.request(request(terms)).inputHash, committed);
        terms.nonce = 99;
        terms.inputHash = committed;
        assertEq(coprocessor.request(request(terms)).inputHash, committed);
        terms.inputHash = committed + 1;
        _expectRefusal(terms, abi.encodeWithSelector(I.InputHashMismatch.selector, committed + 1, committed));
    }

    function test_the_id_covers_the_committed_input() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        assertNotEq(requestId, coprocessor.requestIdOf(requester, terms));
        terms.inputHash = coprocessor.request(requestId).inputHash;
        assertEq(requestId, coprocessor.requestIdOf(requester, terms));
        bytes memory encoded =
            abi.encode(keccak256("zkinfer.request.v1"), block.chainid, address(coprocessor), requester, terms);
        assertEq(requestId, keccak256(encoded));
    }

    function test_more_than_three_words_are_data_beside_a_hash() public {
        I.RequestTerms memory terms = termsOf(wideModel);
        bytes32 requestId = requestAs(requester, terms, inlined(4));
        assertEq(coprocessor.request(requestId).inputHash, terms.inputHash);
        terms.inputHash = 0;
        _expectRefusal(terms, inlined(4), abi.encodeWithSelector(I.InputWords.selector, 4, 3));
    }

    function test_a_uri_beside_a_hash_will_do() public {
        I.InputSource memory input;
        input.uri = "ipfs://envelope";
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.inputHash = R - 1;
        assertEq(coprocessor.request(requestAs(requester, terms, input)).inputHash, R - 1);
        terms.inputHash = 0;
        _expectRefusal(terms, input, abi.encodeWithSelector(I.InputWords.selector, 0, 2));
    }

    function test_another_number_of_words_than_the_models_is_refused() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        _expectRefusal(terms, inlined(1), abi.encodeWithSelector(I.InputWords.selector, 1, 2));
        _expectRefusal(terms, inlined(3), abi.encodeWithSelector(I.InputWords.selector, 3, 2));
        terms.inputHash = 5;
        _expectRefusal(terms, inlined(3), abi.encodeWithSelector(I.InputWords.selector, 3, 2));
    }

    function test_every_alias_of_a_word_is_refused(uint256 word, uint256 index) public {
        index = bound(index, 0, 1);
        I.InputSource memory input = inlined(2);
        for (uint256 aliased = bound(word, 0, R - 1); aliased <= type(uint256).max - R;) {
            aliased += R;
            input.words[index] = aliased;
            bytes memory expected = abi.encodeWithSelector(Statement.StatementWordRange.selector, index, aliased);
            _expectRefusal(termsOf(smallModel), input, expected);
        }
    }

    function test_every_alias_of_an_input_hash_is_refused(uint256 hash) public {
        I.RequestTerms memory terms = termsOf(smallModel);
        for (uint256 aliased = bound(hash, 0, R - 1); aliased <= type(uint256).max - R;) {
            aliased += R;
            terms.inputHash = aliased;
            _expectRefusal(terms, inlined(0), abi.encodeWithSelector(I.InputHashRange.selector, aliased));
        }
    }

    function test_every_term_and_the_requester_change_the_id(uint256 field, uint256 seed) public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = coprocessor.requestIdOf(requester, terms);
        I.RequestTerms memory changed = abi.decode(abi.encode(terms), (I.RequestTerms));
        uint256 words = abi.encode(terms).length / 32;
        field = bound(field, 0, words - 1);
        assembly ("memory-safe") {
            let slot := add(changed, mul(field, 0x20))
            mstore(slot, xor(mload(slot), 1))
        }
        assertNotEq(requestId, coprocessor.requestIdOf(requester, changed));
        assertNotEq(requestId, coprocessor.requestIdOf(vm.addr(bound(seed, 1, R - 1)), terms));
    }

    function test_the_same_request_twice_is_refused() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        _expectRefusal(terms, abi.encodeWithSelector(I.RequestExists.selector, requestId));
        vm.warp(terms.deadline + 1);
        coprocessor.refund(requestId);
        vm.warp(terms.deadline - 1);
        _expectRefusal(terms, abi.encodeWithSelector(I.RequestExists.selector, requestId));
        assertNotEq(requestId, requestAs(stranger, terms, inlined(2)));
    }

    function test_deadlines_lie_after_now_and_within_thirty_days() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.deadline = START;
        _expectRefusal(terms, abi.encodeWithSelector(I.DeadlineRange.selector, START));
        terms.deadline = START + 30 days + 1;
        _expectRefusal(terms, abi.encodeWithSelector(I.DeadlineRange.selector, START + 30 days + 1));
        terms.deadline = START + 1;
        request(terms);
        terms.deadline = START + 30 days;
        request(terms);
    }

    function test_callback_terms_come_in_pairs_and_within_bounds() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes memory expected = abi.encodePacked(I.CallbackTerms.selector);
        _expectRefusal(withCallback(terms, 100_000, 0), expected);
        _expectRefusal(withCallback(terms, 0, 1), expected);
        _expectRefusal(withCallback(terms, 1_000_001, 1), expected);
        request(withCallback(terms, 1_000_000, 1));
    }

    function test_a_refund_address_is_needed() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.refundAddress = address(0);
        _expectRefusal(terms, abi.encodePacked(IGuardedRoles.ZeroAddress.selector));
    }

    function test_values_are_not_promised_for_outputs_above_three_words() public {
        I.RequestTerms memory terms = termsOf(wideModel);
        terms.delivery = I.Delivery.Values;
        _expectRefusal(terms, abi.encodeWithSelector(I.DeliveryTooLarge.selector, 4));
    }

    function test_only_active_models_are_asked() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.modelId = "nobody's";
        _expectRefusal(terms, inlined(2), abi.encodeWithSelector(I.ModelNotActive.selector, terms.modelId));
        terms.modelId = smallModel;
        vm.prank(modelOwner);
        registry.freeze(smallModel);
        _expectRefusal(terms, abi.encodeWithSelector(I.ModelNotActive.selector, smallModel));
        vm.prank(modelOwner);
        registry.tombstone(smallModel);
        _expectRefusal(terms, abi.encodeWithSelector(I.ModelNotActive.selector, smallModel));
    }

    function test_the_price_is_the_registrys(uint96 price) public {
        vm.assume(price != MODEL_PRICE);
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.modelPrice = price;
        _expectRefusal(terms, abi.encodeWithSelector(I.ModelPriceChanged.selector, price, MODEL_PRICE));
    }

    function test_tokens_that_the_model_does_not_list_are_refused() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.token = stranger;
        _expectRefusal(terms, abi.encodeWithSelector(IModelRegistry.TokenNotListed.selector, smallModel, stranger));
    }

    function test_the_payment_is_exact(uint256 value) public {
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), 10_000, 5);
        vm.assume(value != valueOf(terms));
        vm.deal(requester, value);
        vm.prank(requester);
        vm.expectRevert(abi.encodeWithSelector(I.PaymentMismatch.selector, value, valueOf(terms)));
        coprocessor.requestInference{value: value}(terms, inlined(2));
    }

    function test_a_token_pays_price_and_fee_the_currency_callback_gas() public {
        I.RequestTerms memory terms = withCallback(inTokens(termsOf(smallModel)), 10_000, 5);
        request(terms);
        assertEq(coprocessor.escrowed(address(token)), uint256(TOKEN_PRICE) + WORKER_FEE);
        assertEq(token.balanceOf(address(coprocessor)), uint256(TOKEN_PRICE) + WORKER_FEE);
        assertEq(coprocessor.escrowed(CURRENCY), 50_000);
        assertEq(address(coprocessor).balance, 50_000);
        terms.nonce = 99;
        fund(requester, terms);
        vm.deal(requester, 1 ether);
        vm.prank(requester);
        vm.expectRevert(abi.encodeWithSelector(I.PaymentMismatch.selector, 1 ether, 50_000));
        coprocessor.requestInference{value: 1 ether}(terms, inlined(2));
    }

    function test_tokens_that_were_not_approved_are_not_taken() public {
        I.RequestTerms memory terms = inTokens(termsOf(smallModel));
        vm.prank(requester);
        uint256 amount = uint256(TOKEN_PRICE) + WORKER_FEE;
        vm.expectRevert(abi.encodeWithSelector(I.TransferFailed.selector, address(coprocessor), amount));
        coprocessor.requestInference(terms, inlined(2));
    }

    function test_freezing_stops_new_requests_and_only_the_admin_ends_it() public {
        vm.prank(guardian);
        coprocessor.freezeRequests();
        _expectRefusal(termsOf(smallModel), abi.encodePacked(I.RequestsAreFrozen.selector));
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedRoles.NotAuthorised.selector, guardian));
        coprocessor.unfreezeRequests();
        vm.prank(admin);
        coprocessor.unfreezeRequests();
        requestSmall();
        vm.prank(admin);
        coprocessor.freezeRequests();
        assertTrue(coprocessor.requestsFrozen());
    }

    function test_strangers_have_no_role(address anyone) public {
        vm.assume(anyone != guardian && anyone != admin);
        bytes memory refusal = abi.encodeWithSelector(IGuardedRoles.NotAuthorised.selector, anyone);
        vm.startPrank(anyone);
        vm.expectRevert(refusal);
        coprocessor.freezeRequests();
        vm.expectRevert(refusal);
        coprocessor.unfreezeRequests();
        vm.expectRevert(refusal);
        coprocessor.setGuardian(anyone);
    }

    function test_the_admin_names_the_guardian() public {
        vm.prank(admin);
        coprocessor.setGuardian(stranger);
        assertEq(coprocessor.guardian(), stranger);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedRoles.NotAuthorised.selector, guardian));
        coprocessor.freezeRequests();
        vm.prank(stranger);
        coprocessor.freezeRequests();
        vm.prank(admin);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        coprocessor.setGuardian(address(0));
    }

    function test_a_coprocessor_needs_all_its_parts() public {
        IModelRegistry r = IModelRegistry(address(registry));
        ISequencerUptimeFeed none;
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new InferenceCoprocessor(IModelRegistry(address(0)), verifier, poseidon, none, admin, guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new InferenceCoprocessor(r, IGroth16Verifier(address(0)), poseidon, none, admin, guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new InferenceCoprocessor(r, verifier, IPoseidon(address(0)), none, admin, guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new InferenceCoprocessor(r, verifier, poseidon, none, address(0), guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new InferenceCoprocessor(r, verifier, poseidon, none, admin, address(0));
        new InferenceCoprocessor(r, verifier, poseidon, none, admin, guardian);
    }

    function test_views_refuse_unknown_requests() public {
        bytes memory refusal = abi.encodeWithSelector(I.RequestUnknown.selector, bytes32("none"));
        vm.expectRevert(refusal);
        coprocessor.request("none");
        vm.expectRevert(refusal);
        coprocessor.output("none");
        vm.expectRevert(refusal);
        coprocessor.effectiveDeadline("none");
        vm.expectRevert(refusal);
        coprocessor.binderOf("none", worker);
        vm.expectRevert(refusal);
        coprocessor.refund("none");
        vm.expectRevert(refusal);
        coprocessor.retryCallback("none");
    }

    function test_the_binder_is_that_of_the_statement() public {
        bytes32 requestId = requestSmall();
        bytes memory terms = abi.encode(
            keccak256("zkinfer.binder.v1"), block.chainid, address(coprocessor), requestId, smallModel, worker
        );
        assertEq(coprocessor.binderOf(requestId, worker), uint256(keccak256(terms)) >> 3);
    }

    function _expectRefusal(I.RequestTerms memory terms, bytes memory refusal) private {
        _expectRefusal(terms, inputOf(terms.modelId), refusal);
    }

    function _expectRefusal(I.RequestTerms memory terms, I.InputSource memory input, bytes memory refusal) private {
        uint256 value = fund(requester, terms);
        vm.prank(requester);
        vm.expectRevert(refusal);
        coprocessor.requestInference{value: value}(terms, input);
    }
}
