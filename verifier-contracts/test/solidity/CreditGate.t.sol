// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CreditGate} from "../../contracts/examples/CreditGate.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {CreditGateFixture} from "./support/CreditGateFixture.sol";

contract CreditGateTest is CreditGateFixture {
    function test_a_class_of_the_model_gives_a_limit_within_which_loans_are_paid_out() public {
        bytes32 id = ask(attestationFor(borrower, 0));
        assertEq(gate.limitOf(borrower), 0);
        answer(id, 2);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(gate.limitOf(borrower), 5 ether);
        uint256 before = borrower.balance;
        vm.prank(borrower);
        gate.borrow(5 ether);
        assertEq(borrower.balance, before + 5 ether);
        vm.prank(borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.LoanOpen.selector, 5 ether));
        gate.borrow(1);
    }

    function test_the_model_is_asked_about_history_and_attestation() public {
        _lendAndRepay(1 days);
        _lendAndRepay(100 days);
        bytes32 id = ask(attestationFor(borrower, 2));
        uint256[] memory features = new uint256[](8);
        (features[0], features[1], features[2], features[3]) = (1, 1, 3, 0);
        (features[4], features[5], features[6], features[7]) = (10, 20, 30, 40);
        assertEq(coprocessor.request(id).inputHash, commitmentTo(features));
    }

    function test_loans_are_repaid_as_a_whole_and_late_ones_cost_the_limit() public {
        answer(ask(attestationFor(borrower, 0)), 1);
        vm.startPrank(borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.RepaymentMismatch.selector, 0, 0));
        gate.repay();
        gate.borrow(1 ether);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.RepaymentMismatch.selector, 2 ether, 1 ether));
        gate.repay{value: 2 ether}();
        skip(91 days);
        gate.repay{value: 1 ether}();
        vm.stopPrank();
        assertEq(gate.accountOf(borrower).repaidLate, 1);
        assertEq(gate.accountOf(borrower).limit, 0);
    }

    function test_a_limit_ends_and_is_not_exceeded() public {
        answer(ask(attestationFor(borrower, 0)), 1);
        _expectAboveLimit(1 ether + 1, 1 ether);
        _expectAboveLimit(0, 1 ether);
        skip(30 days);
        assertEq(gate.limitOf(borrower), 1 ether);
        skip(1);
        _expectAboveLimit(1, 0);
    }

    function test_a_class_without_a_limit_lends_nothing() public {
        answer(ask(attestationFor(borrower, 0)), 3);
        assertEq(gate.limitOf(borrower), 0);
    }

    function test_what_nobody_answers_is_the_borrowers_again() public {
        bytes32 id = ask(attestationFor(borrower, 0));
        skip(2 days);
        coprocessor.refund(id);
        assertEq(coprocessor.balanceOf(borrower, address(0)), COST);
    }

    function test_idle_money_is_the_lenders() public {
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.NotTheLender.selector, other));
        gate.withdrawIdle(payable(other), 1);
        vm.prank(lender);
        gate.withdrawIdle(payable(lender), 100 ether);
        assertEq(lender.balance, 100 ether);
    }

    function test_a_gate_needs_a_model_of_its_shape() public {
        bytes32[3] memory models = [
            registerModel(IModelRegistry.TensorSpec(7, 8, 1), IModelRegistry.TensorSpec(1, 2, 1)),
            registerModel(IModelRegistry.TensorSpec(8, 4, 1), IModelRegistry.TensorSpec(1, 2, 1)),
            registerModel(IModelRegistry.TensorSpec(8, 8, 1), IModelRegistry.TensorSpec(2, 2, 1))
        ];
        for (uint256 i = 0; i < models.length; ++i) {
            vm.expectRevert(CreditGate.ModelShape.selector);
            new CreditGate(coprocessor, registry, models[i], attester, limits());
        }
    }

    function test_counts_of_the_history_stop_at_the_highest_byte() public {
        for (uint256 i = 0; i < 256; ++i) {
            _lendAndRepay(0);
        }
        assertEq(gate.accountOf(borrower).repaidInTime, 255);
        skip(256 * 30 days);
        ask(attestationFor(borrower, 256));
    }

    function _expectAboveLimit(uint128 amount, uint256 limit) private {
        vm.prank(borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.AboveLimit.selector, amount, limit));
        gate.borrow(amount);
    }

    function _lendAndRepay(uint256 time) private {
        answer(ask(attestationFor(borrower, gate.nonces(borrower))), 1);
        vm.startPrank(borrower);
        gate.borrow(1 ether);
        skip(time);
        gate.repay{value: 1 ether}();
        vm.stopPrank();
    }
}
