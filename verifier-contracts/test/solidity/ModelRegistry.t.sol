// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IGuardedRoles} from "../../contracts/interfaces/IGuardedRoles.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";
import {Test} from "./support/Test.sol";

contract ModelRegistryTest is Test {
    uint256 private constant DEVELOPMENT_CHAIN = 31337;
    address private constant CURRENCY = address(0);

    address private _admin = makeAddr("admin");
    address private _guardian = makeAddr("guardian");
    address private _owner = makeAddr("owner");
    address private _anyone = makeAddr("anyone");
    address private _token = makeAddr("token");

    Groth16Verifier private _verifier;
    ModelRegistry private _registry;
    bytes private _key;

    function setUp() public {
        vm.chainId(1);
        vm.warp(1_800_000_000);
        _verifier = new Groth16Verifier();
        _registry = new ModelRegistry(_verifier, _developmentChains(), _admin, _guardian);
        _key = new SimulatedProver(3, 1).key();
    }

    // Registration.

    function test_a_registered_model_is_what_was_registered() public {
        IModelRegistry.Royalty memory royalty = IModelRegistry.Royalty(_anyone, 250);
        vm.prank(_owner);
        bytes32 id = _registry.register(_identity(), _key, _prices(), royalty, "ipfs://model");

        IModelRegistry.Model memory got = _registry.model(id);
        assertEq(uint256(got.state), uint256(IModelRegistry.ModelState.Active));
        assertEq(got.owner, _owner);
        assertEq(got.keyHash, keccak256(_key));
        assertEq(abi.encode(got.identity), abi.encode(_identity()));
        assertEq(abi.encode(got.royalty), abi.encode(royalty));
        assertEq(got.metadataUri, "ipfs://model");
        assertNotEq(_verifier.keyPointer(got.keyHash), address(0));
        _assertTerms(id, got);
    }

    function test_the_id_is_the_documented_hash() public {
        IModelRegistry.ModelIdentity memory identity = _identity();
        bytes32 expected = keccak256(
            abi.encode(
                keccak256("zkinfer.model.v1"),
                _owner,
                keccak256(_key),
                identity.circuitDigest,
                identity.modelDigest,
                identity.inputSpec,
                identity.outputSpec,
                identity.transcriptHash
            )
        );
        assertEq(_register(), expected);
        assertEq(_registry.modelIdOf(_owner, keccak256(_key), identity), expected);
    }

    function test_nobody_can_squat_on_anothers_registration() public {
        vm.prank(_anyone);
        bytes32 squatted = _registry.register(_identity(), _key, _prices(), _noRoyalty(), "ipfs://squat");
        bytes32 id = _register();
        assertNotEq(id, squatted);
        assertEq(_registry.model(id).owner, _owner);
        assertEq(_registry.model(squatted).owner, _anyone);
    }

    function test_a_model_is_registered_once() public {
        bytes32 id = _register();
        vm.prank(_owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelExists.selector, id));
        _registry.register(_identity(), _key, _prices(), _noRoyalty(), "ipfs://other");
        vm.prank(_owner);
        _registry.tombstone(id);
        vm.prank(_owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelExists.selector, id));
        _registry.register(_identity(), _key, _prices(), _noRoyalty(), "ipfs://model");
    }

    function test_refuses_tensors_out_of_range() public {
        IModelRegistry.TensorSpec[7] memory specs = [
            _spec(0, 8, 1),
            _spec(1, 0, 1),
            _spec(1, 254, 1),
            _spec(1, 255, 1),
            _spec(1, 8, 0),
            _spec(1, 8, 2),
            _spec(254, 1, 1)
        ];
        for (uint256 i = 0; i < specs.length; ++i) {
            IModelRegistry.ModelIdentity memory identity = _identity();
            identity.inputSpec = specs[i];
            _expectRefusal(identity, _prices(), _noRoyalty(), IModelRegistry.TensorSpecRange.selector);
            identity = _identity();
            identity.outputSpec = specs[i];
            _expectRefusal(identity, _prices(), _noRoyalty(), IModelRegistry.TensorSpecRange.selector);
        }
    }

    function test_refuses_royalties_above_the_price_or_to_nobody() public {
        _expectRefusal(
            _identity(), _prices(), IModelRegistry.Royalty(_anyone, 10_001), IModelRegistry.RoyaltyRange.selector
        );
        _expectRefusal(
            _identity(), _prices(), IModelRegistry.Royalty(address(0), 1), IModelRegistry.RoyaltyRange.selector
        );
        vm.prank(_owner);
        _registry.register(_identity(), _key, _prices(), IModelRegistry.Royalty(_anyone, 10_000), "");
    }

    function test_refuses_empty_price_lists_and_tokens_named_twice() public {
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](0);
        _expectRefusal(_identity(), prices, _noRoyalty(), IModelRegistry.PriceList.selector);
        prices = new IModelRegistry.TokenPrice[](3);
        prices[0].token = prices[2].token = _token;
        _expectRefusal(_identity(), prices, _noRoyalty(), IModelRegistry.PriceList.selector);
    }

    function test_refuses_keys_with_another_number_of_signals() public {
        bytes memory key = new SimulatedProver(4, 1).key();
        vm.prank(_owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.KeySignals.selector, 4));
        _registry.register(_identity(), key, _prices(), _noRoyalty(), "");
    }

    function test_refuses_keys_that_the_verifier_refuses() public {
        SimulatedProver prover = new SimulatedProver(3, 1);
        SimulatedProver.Trapdoor memory trapdoor = prover.drawTrapdoor(3, 1);
        trapdoor.delta = trapdoor.gamma;
        bytes memory key = prover.keyOf(trapdoor);
        vm.prank(_owner);
        vm.expectRevert(IGroth16Verifier.KeyWithoutContribution.selector);
        _registry.register(_identity(), key, _prices(), _noRoyalty(), "");
    }

    // Development keys.

    function test_development_models_are_refused_outside_the_chains_admitted() public {
        IModelRegistry.ModelIdentity memory identity = _identity();
        identity.transcriptHash = 0;
        vm.prank(_owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.DevelopmentModel.selector, 1));
        _registry.register(identity, _key, _prices(), _noRoyalty(), "");

        vm.chainId(DEVELOPMENT_CHAIN);
        vm.prank(_owner);
        _registry.register(identity, _key, _prices(), _noRoyalty(), "");
        assertTrue(_registry.admitsDevelopment(DEVELOPMENT_CHAIN));
        assertFalse(_registry.admitsDevelopment(1));
    }

    // Prices.

    function test_prices_of_the_registration_are_in_force_at_once_and_no_others() public {
        bytes32 id = _register();
        assertEq(_registry.price(id, CURRENCY), 5);
        assertEq(_registry.price(id, _token), 7);
        _expectUnlisted(id, _anyone);
        _expectUnlisted(bytes32(uint256(1)), CURRENCY);
    }

    function test_a_price_change_takes_effect_after_the_notice_and_not_a_second_earlier() public {
        bytes32 id = _register();
        _setPrice(id, CURRENCY, true, 50);
        assertEq(_registry.price(id, CURRENCY), 5);
        skip(_registry.NOTICE_PERIOD() - 1);
        assertEq(_registry.price(id, CURRENCY), 5);
        skip(1);
        assertEq(_registry.price(id, CURRENCY), 50);
    }

    function test_a_pending_price_is_replaced_and_its_notice_begins_again() public {
        bytes32 id = _register();
        _setPrice(id, CURRENCY, true, 50);
        skip(_registry.NOTICE_PERIOD() - 1);
        _setPrice(id, CURRENCY, true, 40);
        skip(1);
        assertEq(_registry.price(id, CURRENCY), 5, "the replaced price never comes into force");
        skip(_registry.NOTICE_PERIOD() - 1);
        assertEq(_registry.price(id, CURRENCY), 40);
        _setPrice(id, CURRENCY, true, 60);
        assertEq(_registry.price(id, CURRENCY), 40, "a price in force stays until the next");
    }

    function test_tokens_are_listed_and_taken_off_with_the_same_notice() public {
        bytes32 id = _register();
        _setPrice(id, _anyone, true, 3);
        _setPrice(id, _token, false, 0);
        _expectUnlisted(id, _anyone);
        assertEq(_registry.price(id, _token), 7);
        skip(_registry.NOTICE_PERIOD());
        assertEq(_registry.price(id, _anyone), 3);
        _expectUnlisted(id, _token);
    }

    function testFuzz_a_price_in_force_is_what_was_announced_last_with_notice(
        uint96[8] memory amounts,
        uint32[8] memory gaps
    ) public {
        bytes32 id = _register();
        uint96 inForce = 5;
        uint96 pending = 5;
        uint256 effectiveAt = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            _setPrice(id, CURRENCY, true, amounts[i]);
            if (block.timestamp >= effectiveAt) inForce = pending;
            (pending, effectiveAt) = (amounts[i], block.timestamp + _registry.NOTICE_PERIOD());
            vm.warp(block.timestamp + gaps[i] % (2 * _registry.NOTICE_PERIOD()));
            assertEq(_registry.price(id, CURRENCY), block.timestamp >= effectiveAt ? pending : inForce);
        }
    }

    function test_prices_are_the_owners() public {
        bytes32 id = _register();
        address[3] memory others = [_admin, _guardian, _anyone];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectUnauthorised(others[i]);
            _registry.setPrice(id, CURRENCY, true, 1);
        }
    }

    // States.

    function test_the_owners_freeze_is_the_owners_to_end() public {
        bytes32 id = _register();
        _assertState(id, IModelRegistry.ModelState.Active);
        vm.prank(_owner);
        _registry.freeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        _expectUnauthorised(_admin);
        _registry.unfreeze(id);
        _expectUnauthorised(_guardian);
        _registry.unfreeze(id);
        vm.prank(_owner);
        _registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_the_guardians_freeze_is_the_admins_to_end() public {
        bytes32 id = _register();
        vm.prank(_guardian);
        _registry.freeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        address[3] memory others = [_owner, _guardian, _anyone];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectUnauthorised(others[i]);
            _registry.unfreeze(id);
        }
        vm.prank(_admin);
        _registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_both_freezes_hold_until_both_are_ended() public {
        bytes32 id = _register();
        vm.prank(_owner);
        _registry.freeze(id);
        vm.prank(_guardian);
        _registry.freeze(id);
        vm.prank(_owner);
        _registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        vm.prank(_owner);
        _registry.freeze(id);
        vm.prank(_admin);
        _registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Frozen);
        vm.prank(_owner);
        _registry.unfreeze(id);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function test_only_owner_and_guardian_freeze_and_only_what_is_frozen_is_unfrozen() public {
        bytes32 id = _register();
        _expectUnauthorised(_anyone);
        _registry.freeze(id);
        _expectUnauthorised(_admin);
        _registry.freeze(id);
        _expectUnauthorised(_owner);
        _registry.unfreeze(id);
        _expectUnauthorised(_admin);
        _registry.unfreeze(id);
    }

    function test_a_tombstone_is_final() public {
        address[2] memory allowed = [_owner, _admin];
        for (uint256 i = 0; i < allowed.length; ++i) {
            IModelRegistry.ModelIdentity memory identity = _identity();
            identity.modelDigest = bytes32(i + 100);
            vm.prank(_owner);
            bytes32 id = _registry.register(identity, _key, _prices(), _noRoyalty(), "");
            _expectUnauthorised(_anyone);
            _registry.tombstone(id);
            _expectUnauthorised(_guardian);
            _registry.tombstone(id);
            vm.prank(allowed[i]);
            _registry.tombstone(id);
            _assertState(id, IModelRegistry.ModelState.Tombstoned);
            _expectNothingChanges(id);
        }
    }

    function test_a_frozen_model_can_be_tombstoned() public {
        bytes32 id = _register();
        vm.prank(_guardian);
        _registry.freeze(id);
        vm.prank(_owner);
        _registry.tombstone(id);
        _assertState(id, IModelRegistry.ModelState.Tombstoned);
    }

    function test_nothing_is_known_of_an_unknown_model() public {
        bytes32 id = bytes32(uint256(1));
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.ModelUnknown.selector, id);
        vm.expectRevert(refusal);
        _registry.model(id);
        vm.expectRevert(refusal);
        _registry.freeze(id);
        vm.expectRevert(refusal);
        _registry.unfreeze(id);
        vm.expectRevert(refusal);
        _registry.tombstone(id);
        vm.expectRevert(refusal);
        _registry.setPrice(id, CURRENCY, true, 1);
        (IModelRegistry.ModelState state, bytes32 keyHash,,) = _registry.verificationTerms(id);
        assertEq(uint256(state), uint256(IModelRegistry.ModelState.Unknown));
        assertEq(keyHash, 0);
        (address owner, IModelRegistry.Royalty memory royalty) = _registry.payoutTerms(id);
        assertEq(owner, address(0));
        assertEq(abi.encode(royalty), abi.encode(_noRoyalty()));
    }

    // Roles.

    function test_the_admin_names_another_guardian() public {
        bytes32 id = _register();
        vm.prank(_admin);
        _registry.setGuardian(_anyone);
        assertEq(_registry.guardian(), _anyone);
        _expectUnauthorised(_guardian);
        _registry.freeze(id);
        vm.prank(_anyone);
        _registry.freeze(id);
        _expectUnauthorised(_anyone);
        _registry.setGuardian(_guardian);
        vm.prank(_admin);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        _registry.setGuardian(address(0));
    }

    function test_deployment_refuses_zero_addresses() public {
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(_verifier, new uint256[](0), address(0), _guardian);
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(_verifier, new uint256[](0), _admin, address(0));
        vm.expectRevert(IGuardedRoles.ZeroAddress.selector);
        new ModelRegistry(IGroth16Verifier(address(0)), new uint256[](0), _admin, _guardian);
    }

    function test_a_timelock_as_admin_announces_what_it_does() public {
        address[] memory board = new address[](1);
        board[0] = _anyone;
        TimelockController timelock = new TimelockController(2 days, board, board, address(0));
        _registry = new ModelRegistry(_verifier, new uint256[](0), address(timelock), _guardian);
        bytes32 id = _register();
        vm.prank(_guardian);
        _registry.freeze(id);

        bytes memory call = abi.encodeCall(IModelRegistry.unfreeze, (id));
        vm.prank(_anyone);
        timelock.schedule(address(_registry), 0, call, 0, 0, 2 days);
        vm.prank(_anyone);
        vm.expectRevert();
        timelock.execute(address(_registry), 0, call, 0, 0);
        skip(2 days);
        vm.prank(_anyone);
        timelock.execute(address(_registry), 0, call, 0, 0);
        _assertState(id, IModelRegistry.ModelState.Active);
    }

    function _register() private returns (bytes32) {
        vm.prank(_owner);
        return _registry.register(_identity(), _key, _prices(), _noRoyalty(), "ipfs://model");
    }

    function _setPrice(bytes32 id, address token, bool listed, uint96 amount) private {
        vm.prank(_owner);
        _registry.setPrice(id, token, listed, amount);
    }

    function _expectRefusal(
        IModelRegistry.ModelIdentity memory identity,
        IModelRegistry.TokenPrice[] memory prices,
        IModelRegistry.Royalty memory royalty,
        bytes4 selector
    ) private {
        vm.prank(_owner);
        vm.expectRevert(selector);
        _registry.register(identity, _key, prices, royalty, "");
    }

    function _expectUnauthorised(address caller) private {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IGuardedRoles.NotAuthorised.selector, caller));
    }

    function _expectUnlisted(bytes32 id, address token) private {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TokenNotListed.selector, id, token));
        _registry.price(id, token);
    }

    function _expectNothingChanges(bytes32 id) private {
        bytes memory refusal = abi.encodeWithSelector(IModelRegistry.ModelTombstoned.selector, id);
        vm.startPrank(_owner);
        vm.expectRevert(refusal);
        _registry.freeze(id);
        vm.expectRevert(refusal);
        _registry.unfreeze(id);
        vm.expectRevert(refusal);
        _registry.tombstone(id);
        vm.expectRevert(refusal);
        _registry.setPrice(id, CURRENCY, true, 1);
        vm.stopPrank();
        vm.prank(_admin);
        vm.expectRevert(refusal);
        _registry.unfreeze(id);
    }

    function _assertState(bytes32 id, IModelRegistry.ModelState expected) private view {
        (IModelRegistry.ModelState state,,,) = _registry.verificationTerms(id);
        assertEq(uint256(state), uint256(expected));
        assertEq(uint256(_registry.model(id).state), uint256(expected));
    }

    function _assertTerms(bytes32 id, IModelRegistry.Model memory expected) private view {
        (
            IModelRegistry.ModelState state,
            bytes32 keyHash,
            IModelRegistry.TensorSpec memory inputSpec,
            IModelRegistry.TensorSpec memory outputSpec
        ) = _registry.verificationTerms(id);
        assertEq(
            abi.encode(state, keyHash, inputSpec, outputSpec),
            abi.encode(expected.state, expected.keyHash, expected.identity.inputSpec, expected.identity.outputSpec)
        );
        (address owner, IModelRegistry.Royalty memory royalty) = _registry.payoutTerms(id);
        assertEq(abi.encode(owner, royalty), abi.encode(expected.owner, expected.royalty));
    }

    function _identity() private pure returns (IModelRegistry.ModelIdentity memory) {
        return IModelRegistry.ModelIdentity({
            modelDigest: bytes32(uint256(11)),
            circuitDigest: bytes32(uint256(12)),
            transcriptHash: bytes32(uint256(13)),
            inputSpec: _spec(784, 8, 26),
            outputSpec: _spec(10, 20, 1)
        });
    }

    function _spec(uint48 count, uint8 bits, uint32 words) private pure returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec(count, bits, words);
    }

    function _prices() private view returns (IModelRegistry.TokenPrice[] memory prices) {
        prices = new IModelRegistry.TokenPrice[](2);
        prices[0] = IModelRegistry.TokenPrice(CURRENCY, 5);
        prices[1] = IModelRegistry.TokenPrice(_token, 7);
    }

    function _noRoyalty() private pure returns (IModelRegistry.Royalty memory royalty) {}

    function _developmentChains() private pure returns (uint256[] memory chains) {
        chains = new uint256[](1);
        chains[0] = DEVELOPMENT_CHAIN;
    }
}
