// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";

contract ModelRegistryPricesTest is RegistryFixture {
    function test_prices_of_the_registration_are_in_force_at_once_and_no_others() public {
        bytes32 id = registerModel();
        assertEq(registry.price(id, CURRENCY), 5);
        assertEq(registry.price(id, token), 7);
        _expectUnlisted(id, anyone);
        _expectUnlisted(bytes32(uint256(1)), CURRENCY);
    }

    function test_a_price_change_takes_effect_after_the_notice_and_not_a_second_earlier() public {
        bytes32 id = registerModel();
        _setPrice(id, CURRENCY, true, 50);
        assertEq(registry.price(id, CURRENCY), 5);
        skip(registry.NOTICE_PERIOD() - 1);
        assertEq(registry.price(id, CURRENCY), 5);
        skip(1);
        assertEq(registry.price(id, CURRENCY), 50);
    }

    function test_a_pending_price_is_replaced_and_its_notice_begins_again() public {
        bytes32 id = registerModel();
        _setPrice(id, CURRENCY, true, 50);
        skip(registry.NOTICE_PERIOD() - 1);
        _setPrice(id, CURRENCY, true, 40);
        skip(1);
        assertEq(registry.price(id, CURRENCY), 5, "the replaced price never comes into force");
        skip(registry.NOTICE_PERIOD() - 1);
        assertEq(registry.price(id, CURRENCY), 40);
        _setPrice(id, CURRENCY, true, 60);
        assertEq(registry.price(id, CURRENCY), 40, "a price in force stays until the next");
    }

    function test_tokens_are_listed_and_taken_off_with_the_same_notice() public {
        bytes32 id = registerModel();
        _setPrice(id, anyone, true, 3);
        _setPrice(id, token, false, 0);
        _expectUnlisted(id, anyone);
        assertEq(registry.price(id, token), 7);
        skip(registry.NOTICE_PERIOD());
        assertEq(registry.price(id, anyone), 3);
        _expectUnlisted(id, token);
    }

    function testFuzz_a_price_in_force_is_what_was_announced_last_with_notice(
        uint96[8] memory amounts,
        uint32[8] memory gaps
    ) public {
        bytes32 id = registerModel();
        uint96 inForce = 5;
        uint96 pending = 5;
        uint256 effectiveAt = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            _setPrice(id, CURRENCY, true, amounts[i]);
            if (block.timestamp >= effectiveAt) inForce = pending;
            (pending, effectiveAt) = (amounts[i], block.timestamp + registry.NOTICE_PERIOD());
            vm.warp(block.timestamp + gaps[i] % (2 * registry.NOTICE_PERIOD()));
            assertEq(registry.price(id, CURRENCY), block.timestamp >= effectiveAt ? pending : inForce);
        }
    }

    function test_prices_are_the_owners() public {
        bytes32 id = registerModel();
        address[3] memory others = [admin, guardian, anyone];
        for (uint256 i = 0; i < others.length; ++i) {
            expectUnauthorised(others[i]);
            registry.setPrice(id, CURRENCY, true, 1);
        }
    }

    function _setPrice(bytes32 id, address token, bool listed, uint96 amount) private {
        vm.prank(owner);
        registry.setPrice(id, token, listed, amount);
    }

    function _expectUnlisted(bytes32 id, address token) private {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TokenNotListed.selector, id, token));
        registry.price(id, token);
    }
}
