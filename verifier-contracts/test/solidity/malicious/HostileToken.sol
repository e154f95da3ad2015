// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token with the habits that escrows fear
contract HostileToken is ERC20("Hostile token", "HOST") {
    enum Mode {
        Honest,
        TakesFee,
        ReturnsFalse,
        ReturnsNothing,
        Reverts,
        MovesNothing,
        TakesMore,
        PaysOut,
        Drains,
        Calls
    }

    Mode private _mode;
    address private _target;
    bytes private _call;
    bool public callSucceeded;
    bytes public callReturned;

    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function behave(Mode mode) external {
        _mode = mode;
    }

    /// @notice The call made inside each transfer, before it, as a hook of ERC-777 could.
    function callInside(address target, bytes calldata data) external {
        (_target, _call, _mode) = (target, data, Mode.Calls);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _transferAs(msg.sender, to, amount);
    }

    /// @dev Approval is not the point here.
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _transferAs(from, to, amount);
    }

    function _transferAs(address from, address to, uint256 amount) private returns (bool) {
        Mode mode = _mode;
        if (mode == Mode.Reverts) revert("no");
        if (mode == Mode.MovesNothing) return true;
        if (mode == Mode.Calls) (callSucceeded, callReturned) = _target.call(_call);
        _transfer(from, to, amount);
        if (mode == Mode.TakesFee) _burn(to, amount / 100);
        if (mode == Mode.TakesMore) _burn(from, amount / 100);
        if (mode == Mode.Drains) _burn(to, amount + 1);
        if (mode == Mode.PaysOut) _mint(from, amount * 2);
        if (mode == Mode.ReturnsNothing) {
            assembly {
                return(0, 0)
            }
        }
        return mode != Mode.ReturnsFalse;
    }
}
