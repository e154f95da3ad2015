// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CappedCall} from "../../contracts/libraries/CappedCall.sol";
import {Test} from "./support/Test.sol";

/// @dev Says how much gas it got, or returns or reverts with any number of bytes.
contract Callee {
    function gasAtEntry() external view returns (uint256) {
        return gasleft();
    }

    function returnBytes(uint256 size) external pure {
        assembly {
            mstore(0, not(0))
            return(0, size)
        }
    }

    function revertBytes(uint256 size) external pure {
        assembly {
            mstore(0, not(0))
            revert(0, size)
        }
    }
}

/// @dev A frame of its own for the library.
contract Caller {
    error Starved();

    function call(address target, uint256 gasLimit, bytes memory data, uint256 most)
        external
        returns (bool success, bytes memory returned, uint256 spent)
    {
        if (gasleft() < CappedCall.gasNeeded(gasLimit)) revert Starved();
        spent = gasleft();
        (success, returned) = CappedCall.callWith(target, gasLimit, data, most);
        spent -= gasleft();
    }

    function staticcall(address target, uint256 gasLimit, bytes memory data, uint256 most)
        external
        view
        returns (bool success, bytes memory returned)
    {
        if (gasleft() < CappedCall.gasNeeded(gasLimit)) revert Starved();
        return CappedCall.staticcallWith(target, gasLimit, data, most);
    }
}

contract CappedCallTest is Test {
    /// @dev Instructions of the callee before it reads its gas, for solc's dispatch.
    uint256 private constant DISPATCH = 200;

    Callee private callee;
    Caller private caller;

    function setUp() public {
        callee = new Callee();
        caller = new Caller();
    }

    function test_the_callee_gets_its_whole_gas_or_is_not_called(uint256 gasLimit, uint256 gasGiven) public {
        gasLimit = bound(gasLimit, 1_000, 1_000_000);
        gasGiven = bound(gasGiven, gasLimit, gasLimit + gasLimit / 40 + 20_000);
        vm.cool(address(callee));
        bytes memory data = abi.encodeCall(Callee.gasAtEntry, ());
        try caller.call{gas: gasGiven}(address(callee), gasLimit, data, 32) returns (
            bool success, bytes memory returned, uint256
        ) {
            assertTrue(success);
            uint256 got = abi.decode(returned, (uint256));
            assertLe(got, gasLimit);
            assertGe(got, gasLimit - DISPATCH);
        } catch {}
    }

    function test_no_more_is_copied_than_asked_for(uint256 size, uint256 most) public {
        (size, most) = (bound(size, 0, 2_000), bound(most, 0, 300));
        uint256 kept = size < most ? size : most;
        bytes memory data = abi.encodeCall(Callee.returnBytes, (size));
        (bool success, bytes memory returned,) = caller.call(address(callee), 100_000, data, most);
        assertTrue(success);
        assertEq(returned.length, kept);
        (success, returned) = caller.staticcall(address(callee), 100_000, data, most);
        assertTrue(success);
        assertEq(returned.length, kept);
    }

    function test_a_revert_is_told_from_a_return() public {
        bytes memory data = abi.encodeCall(Callee.revertBytes, (4));
        (bool success, bytes memory returned,) = caller.call(address(callee), 100_000, data, 32);
        assertFalse(success);
        assertEq(returned, hex"ffffffff");
        (success, returned) = caller.staticcall(address(callee), 100_000, data, 32);
        assertFalse(success);
        assertEq(returned, hex"ffffffff");
    }

    function test_a_return_bomb_costs_the_caller_no_more_than_the_gas_it_gave() public {
        bytes memory data = abi.encodeCall(Callee.returnBytes, (600_000));
        (bool success, bytes memory returned, uint256 spent) = caller.call(address(callee), 1_000_000, data, 128);
        assertTrue(success);
        assertEq(returned.length, 128);
        assertLt(spent, 1_000_000 + 5_000);
    }

    function test_memory_after_a_capped_return_is_free_and_whole(uint8 most) public {
        bytes memory data = abi.encodeCall(Callee.returnBytes, (200));
        (, bytes memory returned,) = caller.call(address(callee), 100_000, data, most);
        bytes memory next = new bytes(64);
        next[0] = 0x77;
        assertEq(returned.length, most < 200 ? most : 200);
        if (most > 0) assertEq(uint8(returned[0]), 0xff);
    }
}
