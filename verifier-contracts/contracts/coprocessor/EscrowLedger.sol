// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {CallbackLock} from "./CallbackLock.sol";

/// @title The coprocessor's money: what is escrowed for open requests, and what accounts can withdraw
/// @dev For each token, the contract's balance is at least escrows plus balances at every moment, also while foreign code runs: money
///   comes in before it is booked, and is written off before it goes out. A token that changes balances by itself, or lies
///   about them, harms those who agreed to be paid in it, and nobody else. The zero address is the chain's own currency.
abstract contract EscrowLedger is IInferenceCoprocessor, CallbackLock {
    using SafeERC20 for IERC20;

    /// @dev The chain's own currency.
    address internal constant CURRENCY = address(0);

    mapping(address account => mapping(address token => uint256)) private _balances;
    mapping(address token => uint256) private _escrowed;

    /// @inheritdoc IInferenceCoprocessor
    function withdraw(address token, address to) external admittedInCallbacks returns (uint256 amount) {
        if (to == address(0)) revert ZeroAddress();
        amount = _balances[msg.sender][token];
        if (amount == 0) revert NothingToWithdraw(msg.sender, token);
        _balances[msg.sender][token] = 0;
        emit Withdrawn(msg.sender, token, to, amount);
        _send(token, to, amount);
    }

    /// @inheritdoc IInferenceCoprocessor
    function balanceOf(address account, address token) external view returns (uint256) {
        return _balances[account][token];
    }

    /// @inheritdoc IInferenceCoprocessor
    function escrowed(address token) external view returns (uint256) {
        return _escrowed[token];
    }

    /// @dev Takes `amount` of a token, or of what came with the call, into escrow.
    function _takeIntoEscrow(address token, uint256 amount) internal {
        if (amount == 0) return;
        if (token != CURRENCY) _pull(token, amount);
        _escrowed[token] += amount;
    }

    /// @dev What leaves escrow is credited to the last wei in the same call.
    function _releaseFromEscrow(address token, uint256 amount) internal {
        _escrowed[token] -= amount;
    }

    function _credit(address account, address token, uint256 amount, bytes32 requestId) internal {
        if (amount == 0) return;
        _balances[account][token] += amount;
        emit BalanceCredited(account, token, amount, requestId);
    }

    /// @dev The balance is measured: a token that takes a fee would leave others to pay for it.
    function _pull(address token, uint256 amount) private {
        uint256 before = IERC20(token).balanceOf(address(this));
        if (!IERC20(token).trySafeTransferFrom(msg.sender, address(this), amount)) {
            revert TransferFailed(address(this), amount);
        }
        uint256 afterwards = IERC20(token).balanceOf(address(this));
        if (afterwards < before || afterwards - before != amount) {
            revert TokenAmountMismatch(token, afterwards < before ? 0 : afterwards - before, amount);
        }
    }

    /// @dev Measured too: a token that takes more than it is told would take it from others.
    function _send(address token, address to, uint256 amount) private {
        if (token == CURRENCY) {
            if (!LowLevelCall.callNoReturn(to, amount, "")) revert TransferFailed(to, amount);
            return;
        }
        uint256 before = IERC20(token).balanceOf(address(this));
        if (!IERC20(token).trySafeTransfer(to, amount)) revert TransferFailed(to, amount);
        uint256 afterwards = IERC20(token).balanceOf(address(this));
        if (afterwards > before || before - afterwards != amount) {
            revert TokenAmountMismatch(token, afterwards > before ? 0 : before - afterwards, amount);
        }
    }
}
