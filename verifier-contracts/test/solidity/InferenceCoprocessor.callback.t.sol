// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {HostileConsumer} from "./malicious/HostileConsumer.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";
import {Vm} from "./support/Vm.sol";

/// @title Callbacks: what requesters are told, what it costs whom, and what harm they can do
contract InferenceCoprocessorCallbackTest is CoprocessorFixture {
    uint32 private constant GAS_LIMIT = 900_000;
    uint64 private constant GAS_PRICE = 3 gwei;
    uint256 private constant MONEY = uint256(GAS_LIMIT) * GAS_PRICE;
    /// @dev What a callback may cost beyond its limit: the records of its outcome, and two balances written for the first time.
    uint256 private constant OVERHEAD = 90_000;

    HostileConsumer private consumer;

    function setUp() public override {
        super.setUp();
        consumer = new HostileConsumer(coprocessor);
        vm.txGasPrice(2 gwei);
    }

    function test_the_requester_is_told_what_was_proved() public {
        bytes32 requestId = _request(fullModel);
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.Succeeded);
        assertEq(consumer.calls(), 1);
        assertEq(consumer.lastRequestId(), requestId);
        assertEq(consumer.lastModelId(), fullModel);
        (uint256 outputHash, uint256[] memory words) = coprocessor.output(requestId);
        assertEq(consumer.lastOutputHash(), outputHash);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(consumer.lastWords(i), words[i]);
        }
    }

    function test_a_committed_output_is_told_without_words() public {
        bytes32 requestId = _request(wideModel);
        fulfill(requestId);
        assertEq(consumer.lastOutputHash(), coprocessor.request(requestId).outputHash);
        vm.expectRevert();
        consumer.lastWords(0);
    }

    function test_without_a_gas_limit_nobody_is_called() public {
        bytes32 requestId = requestAs(address(consumer), termsOf(smallModel), inlined(2));
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.None);
        assertEq(consumer.calls(), 0);
    }

    function test_used_gas_is_repaid_to_the_payee_at_the_transactions_price_the_rest_refunded() public {
        bytes32 requestId = _request(smallModel);
        assertEq(coprocessor.escrowed(CURRENCY), MONEY + MODEL_PRICE + WORKER_FEE);
        fulfill(requestId);
        uint256 repaid = balance(worker) - WORKER_FEE;
        assertGt(repaid, 100_000 * 2 gwei); // Five words written for the first time.
        assertLt(repaid, MONEY);
        assertEq(repaid % 2 gwei, 0);
        assertEq(balance(refundAddress), MONEY - repaid);
        assertEq(coprocessor.escrowed(CURRENCY), 0);
        assertSolvent(uint256(WORKER_FEE) + MODEL_PRICE + MONEY);
    }

    function test_gas_is_repaid_at_the_escrowed_price_at_most() public {
        vm.txGasPrice(1_000 gwei);
        consumer.behave(HostileConsumer.Mode.BurnsGas);
        fulfill(_request(smallModel));
        assertEq(balance(worker), WORKER_FEE + MONEY);
        assertEq(balance(refundAddress), 0);
    }

    function test_in_a_block_without_fees_all_gas_money_is_refunded() public {
        vm.txGasPrice(0);
        fulfill(_request(smallModel));
        assertEq(balance(worker), WORKER_FEE);
        assertEq(balance(refundAddress), MONEY);
    }

    function test_a_hostile_callback_leaves_result_and_payment() public {
        for (uint256 mode = 1; mode <= uint256(HostileConsumer.Mode.BurnsGas); ++mode) {
            consumer.behave(HostileConsumer.Mode(mode));
            bytes32 requestId = _request(smallModel);
            fulfill(requestId);
            assertStatus(requestId, I.RequestStatus.Fulfilled);
            bool returns_ = mode == uint256(HostileConsumer.Mode.ReturnBomb);
            assertCallback(requestId, returns_ ? I.CallbackStatus.Succeeded : I.CallbackStatus.Failed);
            (, uint256[] memory words) = coprocessor.output(requestId);
            assertEq(words, someWords(1));
        }
        (uint64 fulfilled,) = coprocessor.payeeRecord(worker);
        assertEq(fulfilled, 4);
        assertEq(coprocessor.escrowed(CURRENCY), 0);
    }

    function test_a_reason_is_kept_to_128_bytes() public {
        consumer.behave(HostileConsumer.Mode.Reverts);
        bytes32 requestId = _request(smallModel);
        vm.recordLogs();
        fulfill(requestId);
        bytes memory reason = _failureReason();
        assertEq(reason.length, 128);
        assertEq(bytes32(bytes4(reason)), bytes32(bytes4(0x08c379a0))); // Error(string)
    }

    function test_bombs_cost_no_more_than_the_callbacks_limit_and_its_records() public {
        uint256 without = _gasOfFulfilment(0);
        for (uint256 mode = 1; mode <= uint256(HostileConsumer.Mode.BurnsGas); ++mode) {
            consumer.behave(HostileConsumer.Mode(mode));
            assertLt(_gasOfFulfilment(1_000_000), without + 1_000_000 + OVERHEAD);
        }
    }

    function test_a_failed_callback_is_retried_by_anyone_until_it_succeeds(address anyone) public {
        bytes32 requestId = _failed();
        uint256 paid = balance(worker);
        vm.prank(anyone);
        coprocessor.retryCallback(requestId);
        assertCallback(requestId, I.CallbackStatus.Failed);
        consumer.behave(HostileConsumer.Mode.Accepts);
        vm.prank(anyone);
        coprocessor.retryCallback(requestId);
        assertCallback(requestId, I.CallbackStatus.Succeeded);
        assertEq(consumer.lastWords(0), someWords(1)[0]);
        assertEq(balance(worker), paid);
        _expectNoRetry(requestId);
    }

    function test_only_failed_callbacks_are_retried() public {
        bytes32 requestId = _request(smallModel);
        _expectNoRetry(requestId);
        fulfill(requestId);
        _expectNoRetry(requestId);
        requestId = requestSmall();
        fulfill(requestId);
        _expectNoRetry(requestId);
    }

    function test_where_no_contract_is_the_callback_fails_until_there_is_one() public {
        bytes32 requestId = request(withCallback(termsOf(smallModel), GAS_LIMIT, GAS_PRICE));
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.Failed);
        assertEq(balance(refundAddress), MONEY);
        vm.etch(requester, hex"00");
        coprocessor.retryCallback(requestId);
        assertCallback(requestId, I.CallbackStatus.Succeeded);
    }

    function test_a_callback_gets_its_whole_gas_or_nothing_happens(uint256 gasGiven) public {
        bytes32 requestId = _request(smallModel);
        I.Fulfilment memory item = fulfilmentOf(requestId);
        gasGiven = bound(gasGiven, 900_000, 1_900_000);
        try coprocessor.fulfill{gas: gasGiven}(item) {
            _assertWholeGas();
            assertCallback(requestId, I.CallbackStatus.Succeeded);
        } catch {
            assertStatus(requestId, I.RequestStatus.Open);
            assertEq(consumer.calls(), 0);
        }
    }

    function test_a_retry_gets_its_whole_gas_or_nothing_happens(uint256 gasGiven) public {
        bytes32 requestId = _failed();
        consumer.behave(HostileConsumer.Mode.Accepts);
        try coprocessor.retryCallback{gas: bound(gasGiven, 500_000, 1_300_000)}(requestId) {
            _assertWholeGas();
            assertCallback(requestId, I.CallbackStatus.Succeeded);
        } catch {
            assertCallback(requestId, I.CallbackStatus.Failed);
        }
    }

    function test_the_least_gas_for_a_callback_is_named() public {
        bytes32 requestId = _failed();
        vm.expectPartialRevert(I.InsufficientCallbackGas.selector);
        coprocessor.retryCallback{gas: GAS_LIMIT}(requestId);
    }

    function test_a_consumer_may_ask_again_inside_its_callback() public {
        I.RequestTerms memory next = termsOf(smallModel);
        bytes32 requestId = _request(smallModel);
        vm.deal(address(consumer), valueOf(next));
        consumer.callInside(address(coprocessor), valueOf(next), abi.encodeCall(I.requestInference, (next, inlined(2))));
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.Succeeded);
        assertTrue(consumer.callSucceeded());
        bytes32 nextId = abi.decode(consumer.callReturned(), (bytes32));
        assertEq(coprocessor.request(nextId).requester, address(consumer));
        assertEq(coprocessor.escrowed(CURRENCY), valueOf(next));
        fulfill(nextId);
        assertSolvent(2 * (uint256(WORKER_FEE) + MODEL_PRICE) + MONEY);
    }

    function test_a_consumer_may_withdraw_inside_its_callback() public {
        (address kept, uint256 owed) = (refundAddress, valueOf(termsOf(smallModel)));
        refundAddress = address(consumer);
        bytes32 requestId = requestSmall();
        skip(2 days);
        coprocessor.refund(requestId);
        refundAddress = kept;
        requestId = _request(smallModel);
        consumer.callInside(address(coprocessor), 0, abi.encodeCall(I.withdraw, (CURRENCY, stranger)));
        fulfill(requestId);
        assertTrue(consumer.callSucceeded());
        assertEq(stranger.balance, owed);
        assertEq(balance(address(consumer)), 0);
        assertSolvent(uint256(WORKER_FEE) + MODEL_PRICE + MONEY);
    }

    function test_a_callback_cannot_enter_fulfilments_retries_or_refunds() public {
        bytes32 open = requestSmall();
        bytes32 failed = _failed();
        I.Fulfilment[] memory items = new I.Fulfilment[](1);
        items[0] = fulfilmentOf(open);
        _expectReentered(abi.encodeCall(I.fulfill, (items[0])));
        _expectReentered(abi.encodeCall(I.fulfillBatch, (items)));
        _expectReentered(abi.encodeCall(I.retryCallback, (failed)));
        _expectReentered(abi.encodeCall(I.refund, (open)));
        assertStatus(open, I.RequestStatus.Open);
    }

    function test_views_agree_with_each_other_inside_a_callback() public {
        bytes32 requestId = _request(smallModel);
        consumer.callInside(address(coprocessor), 0, abi.encodeCall(I.request, (requestId)));
        fulfill(requestId);
        I.Request memory seen = abi.decode(consumer.callReturned(), (I.Request));
        assertEq(uint256(seen.status), uint256(I.RequestStatus.Fulfilled));
        assertEq(uint256(seen.callbackStatus), uint256(I.CallbackStatus.Running));
        requestId = _request(smallModel);
        consumer.callInside(address(coprocessor), 0, abi.encodeCall(I.escrowed, (CURRENCY)));
        fulfill(requestId);
        assertEq(abi.decode(consumer.callReturned(), (uint256)), MONEY);
        requestId = _request(smallModel);
        consumer.callInside(address(coprocessor), 0, abi.encodeCall(I.balanceOf, (worker, CURRENCY)));
        uint256 paid = balance(worker);
        fulfill(requestId);
        assertEq(abi.decode(consumer.callReturned(), (uint256)), paid + WORKER_FEE);
    }

    /// @return The reason of the only CallbackFailed among the recorded logs.
    function _failureReason() private returns (bytes memory) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != I.CallbackFailed.selector) continue;
            (, bytes memory reason) = abi.decode(logs[i].data, (uint256, bytes));
            return reason;
        }
        revert("no callback failed");
    }

    function _request(bytes32 modelId) private returns (bytes32) {
        I.RequestTerms memory terms = withCallback(termsOf(modelId), GAS_LIMIT, GAS_PRICE);
        return requestAs(address(consumer), terms, inputOf(modelId));
    }

    /// @return requestId Of a request whose callback failed and will fail.
    function _failed() private returns (bytes32 requestId) {
        requestId = _request(smallModel);
        consumer.behave(HostileConsumer.Mode.Reverts);
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.Failed);
    }

    function _expectNoRetry(bytes32 requestId) private {
        vm.expectRevert(abi.encodeWithSelector(I.NoCallbackToRetry.selector, requestId));
        coprocessor.retryCallback(requestId);
    }

    function _expectReentered(bytes memory call) private {
        bytes32 requestId = _request(smallModel);
        consumer.callInside(address(coprocessor), 0, call);
        fulfill(requestId);
        assertCallback(requestId, I.CallbackStatus.Succeeded);
        assertFalse(consumer.callSucceeded());
        assertEq(consumer.callReturned(), abi.encodePacked(I.Reentered.selector));
    }

    /// @dev Up to what solc's dispatch and the decoding of arguments take before the callback reads its gas.
    function _assertWholeGas() private view {
        assertGt(consumer.gasAtEntry(), GAS_LIMIT - 2_000);
        assertLe(consumer.gasAtEntry(), GAS_LIMIT);
    }

    function _gasOfFulfilment(uint32 gasLimit) private returns (uint256 used) {
        I.RequestTerms memory terms = withCallback(termsOf(smallModel), gasLimit, gasLimit == 0 ? 0 : 1);
        I.Fulfilment memory item = fulfilmentOf(requestAs(address(consumer), terms, inlined(2)));
        used = gasleft();
        coprocessor.fulfill(item);
        used -= gasleft();
    }
}
