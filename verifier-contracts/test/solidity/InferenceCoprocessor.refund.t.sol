// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {ISequencerUptimeFeed} from "../../contracts/interfaces/ISequencerUptimeFeed.sol";
import {SequencerClock} from "../../contracts/libraries/SequencerClock.sol";
import {HostileFeed} from "./malicious/HostileFeed.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @title The money comes back when no answer does, and nobody can prevent it
contract InferenceCoprocessorRefundTest is CoprocessorFixture {
    function test_refunds_begin_strictly_after_the_deadline() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        for (uint64 time = terms.deadline - 1; time <= terms.deadline; ++time) {
            vm.warp(time);
            _expectRefusal(requestId, abi.encodeWithSelector(I.NotRefundable.selector, requestId, terms.deadline));
        }
        vm.warp(terms.deadline + 1);
        _refund(requestId);
        assertEq(balance(refundAddress), valueOf(terms));
    }

    function test_anyone_may_have_all_money_credited_to_the_refund_address(address anyone) public {
        I.RequestTerms memory terms = withCallback(inTokens(termsOf(smallModel)), 50_000, 9);
        bytes32 requestId = request(terms);
        vm.warp(terms.deadline + 1);
        vm.prank(anyone);
        coprocessor.refund(requestId);
        assertEq(coprocessor.balanceOf(refundAddress, address(token)), uint256(TOKEN_PRICE) + WORKER_FEE);
        assertEq(balance(refundAddress), 450_000);
        assertEq(coprocessor.escrowed(address(token)), 0);
        assertEq(coprocessor.escrowed(CURRENCY), 0);
    }

    function test_a_request_is_refunded_once_and_then_not_fulfilled() public {
        bytes32 requestId = requestSmall();
        I.Fulfilment memory item = fulfilmentOf(requestId);
        skip(2 days);
        _refund(requestId);
        bytes memory refusal = abi.encodeWithSelector(I.RequestNotOpen.selector, requestId, I.RequestStatus.Refunded);
        _expectRefusal(requestId, refusal);
        vm.warp(START + 1);
        vm.expectRevert(refusal);
        coprocessor.fulfill(item);
        vm.expectRevert(refusal);
        coprocessor.output(requestId);
    }

    function test_a_fulfilled_request_is_not_refunded() public {
        bytes32 requestId = requestSmall();
        fulfill(requestId);
        skip(60 days);
        _expectRefusal(
            requestId, abi.encodeWithSelector(I.RequestNotOpen.selector, requestId, I.RequestStatus.Fulfilled)
        );
    }

    function test_requests_of_a_frozen_or_tombstoned_model_are_refunded_at_once(bool tombstoned) public {
        bytes32 requestId = requestSmall();
        vm.prank(modelOwner);
        if (tombstoned) registry.tombstone(smallModel);
        else registry.freeze(smallModel);
        _refund(requestId);
        assertSolvent(balance(refundAddress));
    }

    function test_frozen_requests_stop_neither_refunds_nor_withdrawals() public {
        bytes32 requestId = requestSmall();
        vm.prank(guardian);
        coprocessor.freezeRequests();
        skip(2 days);
        _refund(requestId);
        vm.prank(refundAddress);
        assertEq(coprocessor.withdraw(CURRENCY, stranger), stranger.balance);
    }

    function test_an_outage_holds_refunds_back_as_long_as_it_lets_proofs_in() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        feed.push(true, terms.deadline - 100);
        feed.push(false, terms.deadline + 900);
        uint256 extended = terms.deadline + 100 + 1 hours;
        vm.warp(extended);
        _expectRefusal(requestId, abi.encodeWithSelector(I.NotRefundable.selector, requestId, extended));
        vm.warp(extended + 1);
        _refund(requestId);
    }

    function test_a_feed_that_is_down_for_ever_holds_refunds_back_for_seven_days() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        terms.deadline = START + 20 days;
        bytes32 requestId = request(terms);
        feed.push(true, START + 1);
        vm.warp(terms.deadline + 7 days);
        bytes memory refusal = abi.encodeWithSelector(I.NotRefundable.selector, requestId, terms.deadline + 7 days);
        _expectRefusal(requestId, refusal);
        vm.warp(terms.deadline + 7 days + 1);
        vm.expectCall(address(feed), abi.encodeCall(ISequencerUptimeFeed.latestRoundData, ()), 0);
        _refund(requestId);
    }

    function test_no_feed_can_trap_a_refund(uint256 mode, bool onlyHistory) public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        feed.push(false, START + 10);
        feed.misbehave(HostileFeed.Mode(bound(mode, 0, uint256(HostileFeed.Mode.ReturnBomb))), onlyHistory);
        vm.warp(terms.deadline + 1);
        uint256 left = gasleft();
        _refund(requestId);
        assertLt(left - gasleft(), 300_000);
    }

    function test_no_feed_can_prevent_a_timely_fulfilment() public {
        bytes32 requestId = requestSmall();
        I.Fulfilment memory item = fulfilmentOf(requestId);
        feed.misbehave(HostileFeed.Mode.BurnsGas, false);
        vm.warp(START + 1 days);
        vm.expectCall(address(feed), abi.encodeCall(ISequencerUptimeFeed.latestRoundData, ()), 0);
        coprocessor.fulfill(item);
    }

    function test_a_feed_cannot_enter_again() public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        feed.reenter(address(coprocessor), abi.encodeCall(I.refund, (requestId)));
        vm.warp(terms.deadline + 1);
        _refund(requestId); // The feed, refused, reverted: it counts as up.
        assertSolvent(balance(refundAddress));
    }

    function test_starving_the_feed_does_not_hurry_a_refund(uint256 gasGiven) public {
        I.RequestTerms memory terms = termsOf(smallModel);
        bytes32 requestId = request(terms);
        feed.push(true, START + 600);
        feed.push(false, START + 1_000);
        vm.warp(terms.deadline + 400 + 1 hours);
        try coprocessor.refund{gas: bound(gasGiven, 30_000, 500_000)}(requestId) {
            revert("refunded");
        } catch {}
        vm.expectPartialRevert(SequencerClock.InsufficientGas.selector);
        coprocessor.refund{gas: 60_000}(requestId);
    }

    function _refund(bytes32 requestId) private {
        vm.prank(stranger);
        coprocessor.refund(requestId);
        assertStatus(requestId, I.RequestStatus.Refunded);
    }

    function _expectRefusal(bytes32 requestId, bytes memory refusal) private {
        vm.expectRevert(refusal);
        coprocessor.refund(requestId);
    }
}
