// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IInferenceConsumer} from "../../contracts/interfaces/IInferenceConsumer.sol";
import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {HostileConsumer} from "./malicious/HostileConsumer.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @title Many fulfilments in one transaction, none of which can harm another
contract InferenceCoprocessorBatchTest is CoprocessorFixture {
    function test_a_batch_fulfils_all_its_items() public {
        I.Fulfilment[] memory items = _items(16);
        assertEq(coprocessor.fulfillBatch(items), 16);
        for (uint256 i = 0; i < 16; ++i) {
            assertStatus(items[i].requestId, I.RequestStatus.Fulfilled);
        }
        assertEq(balance(worker), 16 * uint256(WORKER_FEE));
        assertEq(coprocessor.escrowed(CURRENCY), 0);
    }

    function test_a_batch_has_one_to_sixteen_items() public {
        vm.expectRevert(abi.encodeWithSelector(I.BatchSize.selector, 0, 16));
        coprocessor.fulfillBatch(new I.Fulfilment[](0));
        I.Fulfilment[] memory items = new I.Fulfilment[](17);
        vm.expectRevert(abi.encodeWithSelector(I.BatchSize.selector, 17, 16));
        coprocessor.fulfillBatch(items);
        assertEq(coprocessor.fulfillBatch(_items(1)), 1);
    }

    function test_items_of_one_key_are_verified_together_those_of_another_apart() public {
        I.Fulfilment[] memory items = _items(5);
        items[1] = fulfilmentOf(request(termsOf(fullModel)));
        items[3] = fulfilmentOf(request(termsOf(wideModel))); // Another model under the key of the others.
        vm.expectCall(address(verifier), abi.encodeWithSelector(IGroth16Verifier.verifyBatch.selector), 1);
        vm.expectCall(address(verifier), abi.encodeWithSelector(IGroth16Verifier.verify.selector), 1);
        assertEq(coprocessor.fulfillBatch(items), 5);
    }

    function test_ineligible_items_are_skipped_with_their_reason_before_verification() public {
        I.RequestTerms memory brief = termsOf(smallModel);
        brief.deadline = START + 1;
        I.Fulfilment[] memory items = _items(8);
        items[0].requestId = "none";
        fulfill(items[1].requestId);
        items[2] = fulfilmentOf(request(brief));
        items[3] = fulfilmentOf(request(termsOf(fullModel)));
        items[4].outputWords[0] ^= 1;
        items[5].payee = address(0);
        items[6].outputHash = type(uint256).max;
        vm.prank(modelOwner);
        registry.freeze(fullModel);
        skip(2);
        _expectSkip(items[0], I.SkipReason.Unknown);
        _expectSkip(items[1], I.SkipReason.Done);
        _expectSkip(items[2], I.SkipReason.Late);
        _expectSkip(items[3], I.SkipReason.ModelInactive);
        _expectSkip(items[4], I.SkipReason.OutputMismatch);
        _expectSkip(items[5], I.SkipReason.NoPayee);
        _expectSkip(items[6], I.SkipReason.OutputMismatch);
        vm.expectCall(address(verifier), abi.encodeWithSelector(IGroth16Verifier.verify.selector), 1);
        assertEq(coprocessor.fulfillBatch(items), 1);
        assertStatus(items[7].requestId, I.RequestStatus.Fulfilled);
        assertStatus(items[4].requestId, I.RequestStatus.Open);
    }

    function test_a_refunded_request_is_skipped() public {
        I.Fulfilment[] memory items = _items(2);
        vm.prank(modelOwner);
        registry.freeze(smallModel);
        coprocessor.refund(items[0].requestId);
        vm.prank(modelOwner);
        registry.unfreeze(smallModel);
        _expectSkip(items[0], I.SkipReason.Done);
        assertEq(coprocessor.fulfillBatch(items), 1);
    }

    function test_one_wrong_proof_spoils_none_but_its_own_item(uint256 which) public {
        I.Fulfilment[] memory items = _items(4);
        which = bound(which, 0, 3);
        items[which].proof = items[(which + 1) % 4].proof;
        _expectSkip(items[which], I.SkipReason.InvalidProof);
        assertEq(coprocessor.fulfillBatch(items), 3);
        assertStatus(items[which].requestId, I.RequestStatus.Open);
        assertEq(balance(worker), 3 * uint256(WORKER_FEE));
    }

    function test_one_malformed_proof_spoils_none_but_its_own_item(uint256 which, uint256 word, uint256 value) public {
        I.Fulfilment[] memory items = _items(3);
        which = bound(which, 0, 2);
        vm.assume(items[which].proof[word % 8] != value);
        items[which].proof[word % 8] = value;
        _expectSkip(items[which], I.SkipReason.InvalidProof);
        assertEq(coprocessor.fulfillBatch(items), 2);
    }

    function test_each_kind_of_malformed_proof_is_skipped() public {
        I.Fulfilment[] memory items = _items(4);
        items[0].proof[6] = type(uint256).max; // No coordinate.
        items[1].proof[7] ^= 1; // Not on the curve.
        items[2].proof[3] ^= 1; // B, not on its curve.
        for (uint256 i = 0; i < 3; ++i) {
            _expectSkip(items[i], I.SkipReason.InvalidProof);
        }
        assertEq(coprocessor.fulfillBatch(items), 1);
        assertStatus(items[3].requestId, I.RequestStatus.Fulfilled);
    }

    function test_a_batch_of_wrong_proofs_fulfils_nothing() public {
        I.Fulfilment[] memory items = _items(2);
        (items[0].proof, items[1].proof) = (items[1].proof, items[0].proof);
        assertEq(coprocessor.fulfillBatch(items), 0);
        items[0].payee = stranger;
        assertEq(coprocessor.fulfillBatch(items), 0);
        assertEq(balance(stranger), 0);
    }

    function test_a_request_named_twice_is_fulfilled_once(bool firstIsWrong) public {
        I.Fulfilment[] memory items = _items(3);
        items[2] = fulfilmentOf(items[0].requestId, stranger);
        if (firstIsWrong) items[0].payee = guardian;
        _expectSkip(items[firstIsWrong ? 0 : 2], firstIsWrong ? I.SkipReason.InvalidProof : I.SkipReason.Done);
        assertEq(coprocessor.fulfillBatch(items), 2);
        assertEq(coprocessor.request(items[0].requestId).payee, firstIsWrong ? stranger : worker);
        assertEq(balance(worker) + balance(stranger), 2 * uint256(WORKER_FEE));
    }

    function test_all_state_is_written_before_the_first_callback() public {
        HostileConsumer first = new HostileConsumer(coprocessor);
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), 700_000, 1);
        I.Fulfilment[] memory items = _items(2);
        items[0] = fulfilmentOf(requestAs(address(first), terms, inlined(2)));
        first.callInside(address(coprocessor), 0, abi.encodeCall(I.request, (items[1].requestId)));
        assertEq(coprocessor.fulfillBatch(items), 2);
        I.Request memory seen = abi.decode(first.callReturned(), (I.Request));
        assertEq(uint256(seen.status), uint256(I.RequestStatus.Fulfilled));
    }

    function test_failing_callbacks_spoil_neither_items_nor_other_callbacks() public {
        I.Fulfilment[] memory items = new I.Fulfilment[](6);
        HostileConsumer[] memory consumers = new HostileConsumer[](6);
        for (uint256 i = 0; i < 6; ++i) {
            consumers[i] = new HostileConsumer(coprocessor);
            consumers[i].behave(HostileConsumer.Mode(i % 5));
            I.RequestTerms memory terms = withCallback(termsOf(smallModel), 300_000, 1);
            items[i] = fulfilmentOf(requestAs(address(consumers[i]), terms, inlined(2)));
        }
        assertEq(coprocessor.fulfillBatch(items), 6);
        for (uint256 i = 0; i < 6; ++i) {
            assertCallback(items[i].requestId, i % 5 == 0 ? I.CallbackStatus.Succeeded : I.CallbackStatus.Failed);
        }
        assertEq(coprocessor.escrowed(CURRENCY), 0);
    }

    function test_a_starved_batch_does_all_or_nothing(uint256 gasGiven) public {
        HostileConsumer consumer = new HostileConsumer(coprocessor);
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), 300_000, 1);
        I.Fulfilment[] memory items = _items(3);
        items[1] = fulfilmentOf(requestAs(address(consumer), terms, inlined(2)));
        try coprocessor.fulfillBatch{gas: bound(gasGiven, 100_000, 1_500_000)}(items) returns (uint256 fulfilled) {
            assertEq(fulfilled, 3);
            assertCallback(items[1].requestId, I.CallbackStatus.Succeeded);
        } catch {
            assertEq(balance(worker), 0);
        }
    }

    /// @dev Whoever estimates the gas of a batch may be shown frugal callbacks, and meet wasteful ones when it is mined.
    function test_gas_that_suffices_for_frugal_callbacks_suffices_for_wasteful_ones(uint256 gasGiven) public {
        gasGiven = bound(gasGiven, 1_000_000, 3_500_000);
        HostileConsumer[] memory consumers = new HostileConsumer[](3);
        I.Fulfilment[] memory items = _items(3);
        for (uint256 i = 0; i < 3; ++i) {
            consumers[i] = new HostileConsumer(coprocessor);
            I.RequestTerms memory terms = withCallback(termsOf(smallModel), 700_000, 1);
            items[i] = fulfilmentOf(requestAs(address(consumers[i]), terms, inlined(2)));
        }
        uint256 before = vm.snapshotState();
        bool suffices = _isFulfilledWith(items, gasGiven);
        vm.revertToState(before);
        for (uint256 i = 0; i < 3; ++i) {
            consumers[i].behave(HostileConsumer.Mode.BurnsGas);
        }
        assertEq(_isFulfilledWith(items, gasGiven), suffices);
    }

    function test_the_least_gas_for_the_callbacks_of_a_batch_is_named_before_the_first() public {
        HostileConsumer consumer = new HostileConsumer(coprocessor);
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), 1_000_000, 1);
        I.Fulfilment[] memory items = new I.Fulfilment[](2);
        items[0] = fulfilmentOf(requestAs(address(consumer), terms, inlined(2)));
        terms.nonce += 1_000;
        items[1] = fulfilmentOf(requestAs(address(consumer), terms, inlined(2)));
        bytes memory callback = abi.encodeWithSelector(IInferenceConsumer.onInference.selector);
        vm.expectCall(address(consumer), callback, 0);
        vm.expectPartialRevert(I.InsufficientCallbackGas.selector);
        coprocessor.fulfillBatch{gas: 2_300_000}(items);
    }

    function test_the_verifiers_lack_of_gas_is_passed_on() public {
        I.Fulfilment[] memory items = _items(2);
        bytes memory lack = abi.encodeWithSelector(IGroth16Verifier.InsufficientGas.selector, 1, 2);
        bytes memory together = abi.encodeWithSelector(IGroth16Verifier.verifyBatch.selector);
        bytes memory alone = abi.encodeWithSelector(IGroth16Verifier.verify.selector);
        vm.mockCallRevert(address(verifier), together, lack);
        vm.expectRevert(lack);
        coprocessor.fulfillBatch(items);
        vm.mockCallRevert(address(verifier), together, "");
        vm.expectRevert(bytes(""));
        coprocessor.fulfillBatch(items);
        vm.mockCall(address(verifier), together, abi.encode(false));
        vm.mockCallRevert(address(verifier), alone, lack);
        vm.expectRevert(lack);
        coprocessor.fulfillBatch(items);
        vm.clearMockedCalls();
        assertEq(coprocessor.fulfillBatch(items), 2);
    }

    function _isFulfilledWith(I.Fulfilment[] memory items, uint256 gasGiven) private returns (bool) {
        try coprocessor.fulfillBatch{gas: gasGiven}(items) returns (uint256 fulfilled) {
            return fulfilled == items.length;
        } catch {
            return false;
        }
    }

    /// @dev Of the small model, the i-th to be paid to the worker.
    function _items(uint256 count) private returns (I.Fulfilment[] memory items) {
        items = new I.Fulfilment[](count);
        for (uint256 i = 0; i < count; ++i) {
            items[i] = fulfilmentOf(requestSmall());
        }
    }

    function _expectSkip(I.Fulfilment memory item, I.SkipReason reason) private {
        vm.expectEmit(address(coprocessor));
        emit I.FulfilmentSkipped(item.requestId, reason);
    }
}
