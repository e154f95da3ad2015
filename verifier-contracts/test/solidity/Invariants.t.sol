// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CoprocessorHandler} from "./support/CoprocessorHandler.sol";
import {EventMirror} from "./support/EventMirror.sol";
import {InvariantTest} from "./support/InvariantTest.sol";

/// @title What holds whatever anybody does
/// @dev That each request is paid or refunded once, and that no balance is paid twice, is checked by the mirror at each event: steps
///   catch what the contract refuses, so a step that reverts is a failure.
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: full.invariant.fail-on-revert = true
contract CoprocessorInvariants is InvariantTest {
    CoprocessorHandler private handler;
    EventMirror private mirror;

    function setUp() public {
        handler = new CoprocessorHandler();
        mirror = handler.mirror();
        bytes4[] memory steps = new bytes4[](12);
        (steps[0], steps[1], steps[2]) = (handler.ask.selector, handler.ask.selector, handler.ask.selector);
        (steps[3], steps[4], steps[5]) = (handler.answer.selector, handler.answerMany.selector, handler.refund.selector);
        (steps[6], steps[7], steps[8]) = (handler.retry.selector, handler.withdraw.selector, handler.behave.selector);
        (steps[9], steps[10], steps[11]) = (handler.pass.selector, handler.outage.selector, handler.freeze.selector);
        // Whoever sends a step is given back the price of unused gas that forge never took: not the coprocessor, then.
        targetSender(makeAddr("sender"));
        targetContract(address(handler));
        targetSelector(address(handler), steps);
    }

    function invariant_the_contract_holds_escrows_and_balances_to_the_last_wei() public view {
        address coprocessor = handler.coprocessorAddress();
        for (uint256 i = 0; i < 2; ++i) {
            address token = i == 0 ? address(0) : handler.tokenAddress();
            uint256 held = token == address(0) ? coprocessor.balance : IERC20(token).balanceOf(coprocessor);
            assertEq(held, mirror.escrowed(token) + mirror.sumOfBalances(token));
        }
    }

    /// @dev Once a run: every view against what the events said.
    function afterInvariant() public view {
        mirror.compare();
    }
}
