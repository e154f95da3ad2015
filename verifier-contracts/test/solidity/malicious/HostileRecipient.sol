// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A payee or refund address that does harm when it is paid
contract HostileRecipient {
    enum Mode {
        Accepts,
        Reverts,
        ReturnBomb,
        BurnsGas,
        Calls
    }

    /// @dev Memory of this size costs about 900,000 gas.
    uint256 private constant BOMB_BYTES = 600_000;

    Mode private _mode;
    address private _target;
    bytes private _call;
    uint256 public calls;
    bool public callSucceeded;
    bytes public callReturned;

    receive() external payable {
        Mode mode = _mode;
        if (mode == Mode.Reverts) revert("no");
        if (mode == Mode.Calls) {
            ++calls;
            (callSucceeded, callReturned) = _target.call(_call);
        }
        bool burns = mode == Mode.BurnsGas;
        bool bombs = mode == Mode.ReturnBomb;
        assembly {
            if burns { invalid() }
            if bombs { return(0, BOMB_BYTES) }
        }
    }

    function behave(Mode mode) external {
        _mode = mode;
    }

    function callInside(address target, bytes calldata data) external {
        (_target, _call, _mode) = (target, data, Mode.Calls);
    }

    /// @notice Makes any call, so that a test can act as this account.
    function act(address target, bytes calldata data) external returns (bytes memory returned) {
        bool success;
        (success, returned) = target.call(data);
        require(success, "act failed");
    }
}
