// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {HostileRecipient} from "./malicious/HostileRecipient.sol";
import {HostileToken} from "./malicious/HostileToken.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @title Money in and out, among tokens and recipients of ill will
contract InferenceCoprocessorWithdrawTest is CoprocessorFixture {
    uint96 private constant PRICE = 1_000_000;
    uint256 private constant AMOUNT = uint256(PRICE) + WORKER_FEE;

    HostileToken private hostile;
    HostileRecipient private recipient;

    function setUp() public override {
        super.setUp();
        hostile = new HostileToken();
        recipient = new HostileRecipient();
        vm.prank(modelOwner);
        registry.setPrice(smallModel, address(hostile), true, PRICE);
        skip(30 days);
    }

    function test_a_withdrawal_pays_the_whole_balance_once() public {
        fulfill(requestSmall());
        vm.expectEmit(address(coprocessor));
        emit I.Withdrawn(worker, CURRENCY, stranger, WORKER_FEE);
        vm.startPrank(worker);
        assertEq(coprocessor.withdraw(CURRENCY, stranger), WORKER_FEE);
        assertEq(stranger.balance, WORKER_FEE);
        assertEq(balance(worker), 0);
        vm.expectRevert(abi.encodeWithSelector(I.NothingToWithdraw.selector, worker, CURRENCY));
        coprocessor.withdraw(CURRENCY, stranger);
        vm.stopPrank();
        assertSolvent(MODEL_PRICE);
    }

    function test_tokens_are_withdrawn_likewise() public {
        fulfill(request(inTokens(termsOf(smallModel))));
        vm.prank(royaltyReceiver);
        uint256 amount = coprocessor.withdraw(address(token), stranger);
        assertEq(amount, uint256(TOKEN_PRICE) * ROYALTY_BASIS_POINTS / 10_000);
        assertEq(token.balanceOf(stranger), amount);
    }

    function test_nothing_is_paid_to_nobody() public {
        fulfill(requestSmall());
        vm.prank(worker);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        coprocessor.withdraw(CURRENCY, address(0));
    }

    function test_a_recipient_that_refuses_harms_itself_alone() public {
        fulfill(requestSmall());
        recipient.behave(HostileRecipient.Mode.Reverts);
        vm.startPrank(worker);
        vm.expectRevert(abi.encodeWithSelector(I.TransferFailed.selector, address(recipient), WORKER_FEE));
        coprocessor.withdraw(CURRENCY, address(recipient));
        assertEq(balance(worker), WORKER_FEE);
        coprocessor.withdraw(CURRENCY, worker);
        vm.stopPrank();
        assertEq(worker.balance, WORKER_FEE);
    }

    function test_the_coprocessor_is_no_recipient() public {
        fulfill(requestSmall());
        fulfill(request(inTokens(termsOf(smallModel))));
        vm.startPrank(worker);
        vm.expectRevert(abi.encodeWithSelector(I.TransferFailed.selector, address(coprocessor), WORKER_FEE));
        coprocessor.withdraw(CURRENCY, address(coprocessor));
        vm.expectPartialRevert(I.TokenAmountMismatch.selector);
        coprocessor.withdraw(address(token), address(coprocessor));
    }

    function test_a_recipient_that_calls_back_is_paid_once() public {
        fulfill(requestSmall()); // Money of others.
        bytes32 requestId = _earn(address(recipient));
        bytes[] memory calls = _calls(requestId, fulfilmentOf(requestSmall()));
        for (uint256 i = 0; i < calls.length; ++i) {
            recipient.callInside(address(coprocessor), calls[i]);
            recipient.act(address(coprocessor), abi.encodeCall(I.withdraw, (CURRENCY, address(recipient))));
            assertFalse(recipient.callSucceeded());
            assertEq(recipient.callReturned(), abi.encodePacked(I.Reentered.selector));
            assertEq(recipient.calls(), i + 1);
            assertEq(address(recipient).balance, (i + 1) * uint256(WORKER_FEE));
            _earn(address(recipient));
        }
    }

    function test_bombs_and_burners_are_paid_without_running() public {
        for (uint256 mode = 1; mode <= uint256(HostileRecipient.Mode.BurnsGas); ++mode) {
            recipient.behave(HostileRecipient.Mode(mode));
            refundAddress = address(recipient);
            _earn(address(recipient));
            bytes32 requestId = requestSmall();
            skip(2 days);
            coprocessor.refund(requestId);
        }
        assertEq(balance(address(recipient)), 3 * (2 * uint256(WORKER_FEE) + MODEL_PRICE));
    }

    function test_a_bomb_costs_its_recipient_no_memory_of_ours() public {
        recipient.behave(HostileRecipient.Mode.ReturnBomb);
        fulfill(requestSmall());
        vm.prank(worker);
        uint256 left = gasleft();
        coprocessor.withdraw(CURRENCY, address(recipient));
        assertLt(left - gasleft(), 900_000); // 800,000 of which the recipient used.
    }

    function test_tokens_that_move_another_amount_are_refused() public {
        _expectRefusal(HostileToken.Mode.TakesFee, _mismatch(AMOUNT - AMOUNT / 100));
        _expectRefusal(HostileToken.Mode.MovesNothing, _mismatch(0));
        hostile.mint(address(coprocessor), 1);
        _expectRefusal(HostileToken.Mode.Drains, _mismatch(0));
    }

    function test_tokens_that_fail_are_refused() public {
        bytes memory refusal = abi.encodeWithSelector(I.TransferFailed.selector, address(coprocessor), AMOUNT);
        _expectRefusal(HostileToken.Mode.ReturnsFalse, refusal);
        _expectRefusal(HostileToken.Mode.Reverts, refusal);
    }

    function test_a_token_without_code_is_refused() public {
        vm.prank(modelOwner);
        registry.setPrice(smallModel, stranger, true, PRICE);
        skip(30 days);
        I.RequestTerms memory terms = _hostileTerms();
        terms.token = stranger;
        vm.prank(requester);
        vm.expectRevert();
        coprocessor.requestInference(terms, inlined(2));
    }

    function test_tokens_that_return_nothing_are_taken_and_paid() public {
        hostile.behave(HostileToken.Mode.ReturnsNothing);
        fulfill(_requestHostile());
        vm.prank(worker);
        coprocessor.withdraw(address(hostile), worker);
        assertEq(hostile.balanceOf(worker), WORKER_FEE);
    }

    function test_tokens_that_turn_hostile_leave_balances_and_other_tokens_alone() public {
        fulfill(_requestHostile());
        fulfill(requestSmall());
        _requestHostile(); // Money of others that could be taken.
        _expectNoWithdrawal(HostileToken.Mode.TakesMore, _mismatchAt(WORKER_FEE + WORKER_FEE / 100, WORKER_FEE));
        _expectNoWithdrawal(HostileToken.Mode.MovesNothing, _mismatchAt(0, WORKER_FEE));
        _expectNoWithdrawal(HostileToken.Mode.PaysOut, _mismatchAt(0, WORKER_FEE));
        bytes memory refusal = abi.encodeWithSelector(I.TransferFailed.selector, worker, WORKER_FEE);
        _expectNoWithdrawal(HostileToken.Mode.ReturnsFalse, refusal);
        _expectNoWithdrawal(HostileToken.Mode.Reverts, refusal);
        vm.prank(worker);
        coprocessor.withdraw(CURRENCY, worker);
        hostile.behave(HostileToken.Mode.Honest);
        vm.prank(worker);
        coprocessor.withdraw(address(hostile), worker);
    }

    function test_a_token_that_calls_back_enters_nothing() public {
        bytes32 requestId = requestSmall();
        bytes[] memory calls = _calls(requestId, fulfilmentOf(requestId));
        for (uint256 i = 0; i < calls.length; ++i) {
            hostile.callInside(address(coprocessor), calls[i]);
            bytes32 hostileId = _requestHostile();
            _assertRefusedToken();
            hostile.behave(HostileToken.Mode.Honest);
            fulfill(hostileId);
            hostile.callInside(address(coprocessor), calls[i]);
            vm.prank(worker);
            coprocessor.withdraw(address(hostile), worker);
            _assertRefusedToken();
        }
        assertStatus(requestId, I.RequestStatus.Open);
    }

    /// @dev Everything that changes state, as anybody could call it.
    function _calls(bytes32 requestId, I.Fulfilment memory item) private returns (bytes[] memory calls) {
        I.Fulfilment[] memory items = new I.Fulfilment[](1);
        items[0] = item;
        calls = new bytes[](6);
        calls[0] = abi.encodeCall(I.fulfill, (item));
        calls[1] = abi.encodeCall(I.fulfillBatch, (items));
        calls[2] = abi.encodeCall(I.refund, (requestId));
        calls[3] = abi.encodeCall(I.retryCallback, (requestId));
        calls[4] = abi.encodeCall(I.withdraw, (CURRENCY, stranger));
        calls[5] = abi.encodeCall(I.requestInference, (_hostileTerms(), inlined(2)));
    }

    /// @return requestId Of a request fulfilled for this payee.
    function _earn(address payee) private returns (bytes32 requestId) {
        requestId = requestSmall();
        coprocessor.fulfill(fulfilmentOf(requestId, payee));
    }

    function _hostileTerms() private returns (I.RequestTerms memory terms) {
        terms = termsOf(smallModel);
        (terms.token, terms.modelPrice) = (address(hostile), PRICE);
        hostile.mint(requester, AMOUNT);
    }

    function _requestHostile() private returns (bytes32) {
        I.RequestTerms memory terms = _hostileTerms();
        vm.prank(requester);
        return coprocessor.requestInference(terms, inlined(2));
    }

    function _expectRefusal(HostileToken.Mode mode, bytes memory refusal) private {
        I.RequestTerms memory terms = _hostileTerms();
        hostile.behave(mode);
        vm.prank(requester);
        vm.expectRevert(refusal);
        coprocessor.requestInference(terms, inlined(2));
    }

    function _expectNoWithdrawal(HostileToken.Mode mode, bytes memory refusal) private {
        hostile.behave(mode);
        vm.prank(worker);
        vm.expectRevert(refusal);
        coprocessor.withdraw(address(hostile), worker);
        assertEq(coprocessor.balanceOf(worker, address(hostile)), WORKER_FEE);
    }

    function _assertRefusedToken() private view {
        assertFalse(hostile.callSucceeded());
        assertEq(hostile.callReturned(), abi.encodePacked(I.Reentered.selector));
    }

    function _mismatch(uint256 got) private view returns (bytes memory) {
        return _mismatchAt(got, AMOUNT);
    }

    function _mismatchAt(uint256 got, uint256 expected) private view returns (bytes memory) {
        return abi.encodeWithSelector(I.TokenAmountMismatch.selector, address(hostile), got, expected);
    }
}
