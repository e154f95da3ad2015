// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A well-behaved token that anyone can make more of
contract TestToken is ERC20("Test token", "TEST") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
