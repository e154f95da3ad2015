// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";

contract ModelRegistryStatesTest is RegistryFixture {
    function test_the_owners_freeze_is_the_owners_to_end() public {
        bytes32 id = registerModel();
        _assertState(id, IModelRegistry.ModelState.Active);
        vm.prank(owner);
        registry.freeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        expectUnauthorised(admin);
        registry.unfreeze(id);
        expectUnauthorised(guardian);
        registry.unfreeze(id);
        vm.prank(owner);
        registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_the_guardians_freeze_is_the_admins_to_end() public {
        bytes32 id = registerModel();
        vm.prank(guardian);
        registry.freeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        address[3] memory others = [owner, guardian, anyone];
        for (uint256 i = 0; i < others.length; ++i) {
            expectUnauthorised(others[i]);
            registry.unfreeze(id);
        }
        vm.prank(admin);
        registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_both_freezes_hold_until_both_are_ended() public {
        bytes32 id = registerModel();
        vm.prank(owner);
        registry.freeze(id);
        vm.prank(guardian);
        registry.freeze(id);
        vm.prank(owner);
        registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        vm.prank(owner);
        registry.freeze(id);
        vm.prank(admin);
        registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        vm.prank(owner);
        registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_only_owner_and_guardian_freeze_and_only_what_is_frozen_is_unfrozen() public {
        bytes32 id = registerModel();
        expectUnauthorised(anyone);
        registry.freeze(id);
        expectUnauthorised(admin);
        registry.freeze(id);
        expectUnauthorised(owner);
        registry.unfreeze(id);
        expectUnauthorised(admin);
        registry.unfreeze(id);
    }

    function test_a_tombstone_is_final() public {
        address[2] memory allowed = [owner, admin];
        for (uint256 i = 0; i < allowed.length; ++i) {
            IModelRegistry.ModelIdentity memory identity = identityOfModel();
            identity.modelDigest = bytes32(i + 100);
            vm.prank(owner);
            bytes32 id = registry.register(identity, key, pricesOfModel(), noRoyalty(), "");
            expectUnauthorised(anyone);
            registry.tombstone(id);
            expectUnauthorised(guardian);
            registry.tombstone(id);
            vm.prank(allowed[i]);
            registry.tombstone(id);
            _assertState(id, IModelRegistry.ModelState.Tombstoned);
            _expectNothingChanges(id);
        }
    }

    function test_a_frozen_model_can_be_tombstoned() public {
        bytes32 id = registerModel();
        vm.prank(guardian);
        registry.freeze(id);
        vm.prank(owner);
        registry.tombstone(id);
        _assertState(id, IModelRegistry.ModelState.Tombstoned);
    }

    function test_nothing_is_known_of_an_unknown_model() public {
        bytes32 id = bytes32(uint256(1));
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id);
        vm.expectRevert(refusal);
        registry.model(id);
        vm.expectRevert(refusal);
        registry.freeze(id);
        vm.expectRevert(refusal);
        registry.unfreeze(id);
        vm.expectRevert(refusal);
        registry.tombstone(id);
        vm.expectRevert(refusal);
        registry.setPrice(id, CURRENCY, true, 1);
        (IModelRegistry.ModelState state, bytes32 keyHash,,) = registry.verificationTerms(id);
        assertEq(uint256(state), uint256(IModelRegistry.ModelState.Unknown));
        assertEq(keyHash, 0);
        (address owner, IModelRegistry.Royalty memory royalty) = registry.payoutTerms(id);
        assertEq(owner, address(0));
        assertEq(abi.encode(royalty), abi.encode(noRoyalty()));
    }

    function test_the_admin_names_another_guardian() public {
        bytes32 id = registerModel();
        vm.prank(admin);
        registry.setGuardian(anyone);
        assertEq(registry.guardian(), anyone);
        expectUnauthorised(guardian);
        registry.freeze(id);
        vm.prank(anyone);
        registry.freeze(id);
        expectUnauthorised(anyone);
        registry.setGuardian(guardian);
        vm.prank(admin);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        registry.setGuardian(address(0));
    }

    function test_deployment_refuses_zero_addresses() public {
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(verifier, new uint256[](0), address(0), guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(verifier, new uint256[](0), admin, address(0));
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(IGroth16Verifier(address(0)), new uint256[](0), admin, guardian);
    }

    function test_a_timelock_as_admin_announces_what_it_does() public {
        address[] memory board = new address[](1);
        board[0] = anyone;
        TimelockController timelock = new TimelockController(2 days, board, board, address(0));
        registry = new ModelRegistry(verifier, new uint256[](0), address(timelock), guardian);
        bytes32 id = registerModel();
        vm.prank(guardian);
        registry.freeze(id);

        bytes memory call = abi.encodeCall(IModelRegistry.unfreeze, (id));
        vm.prank(anyone);
        timelock.schedule(address(registry), 0, call, 0, 0, 2 days);
        vm.prank(anyone);
        vm.expectRevert();
        timelock.execute(address(registry), 0, call, 0, 0);
        skip(2 days);
        vm.prank(anyone);
        timelock.execute(address(registry), 0, call, 0, 0);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function _expectNothingChanges(bytes32 id) private {
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.ModelTombstoned.selector, id);
        vm.startPrank(owner);
        vm.expectRevert(refusal);
        registry.freeze(id);
        vm.expectRevert(refusal);
        registry.unfreeze(id);
        vm.expectRevert(refusal);
        registry.tombstone(id);
        vm.expectRevert(refusal);
        registry.setPrice(id, CURRENCY, true, 1);
        vm.stopPrank();
        vm.prank(admin);
        vm.expectRevert(refusal);
        registry.unfreeze(id);
    }

    function _assertState(bytes32 id, IModelRegistry.ModelState expected) private view {
        (IModelRegistry.ModelState state,,,) = registry.verificationTerms(id);
        assertEq(uint256(state), uint256(expected));
        assertEq(uint256(registry.model(id).state), uint256(expected));
    }
}
