// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../../contracts/interfaces/IGroth16Verifier.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";
import {SimulatedProver} from "./support/SimulatedProver.sol";

contract ModelRegistryRegistrationTest is RegistryFixture {
    function test_a_registered_model_is_what_was_registered() public {
        IModelRegistry.Royalty memory royalty = IModelRegistry.Royalty(anyone, 250);
        vm.prank(owner);
        bytes32 id = registry.register(identityOfModel(), key, pricesOfModel(), royalty, "ipfs://model");

        IModelRegistry.Model memory got = registry.model(id);
        assertEq(uint256(got.state), uint256(IModelRegistry.ModelState.Active));
        assertEq(got.owner, owner);
        assertEq(got.keyHash, keccak256(key));
        assertEq(abi.encode(got.identity), abi.encode(identityOfModel()));
        assertEq(abi.encode(got.royalty), abi.encode(royalty));
        assertEq(got.metadataUri, "ipfs://model");
        assertNotEq(verifier.keyPointer(got.keyHash), address(0));
        _assertTerms(id, got);
    }

    function test_the_id_is_the_documented_hash() public {
        IModelRegistry.ModelIdentity memory identity = identityOfModel();
        bytes32 expected = keccak256(
            abi.encode(
                keccak256("zkinfer.model.v1"),
                owner,
                keccak256(key),
                identity.circuitDigest,
                identity.modelDigest,
                identity.inputSpec,
                identity.outputSpec,
                identity.transcriptHash
            )
        );
        assertEq(registerModel(), expected);
        assertEq(registry.modelIdOf(owner, keccak256(key), identity), expected);
    }

    function test_nobody_can_squat_on_anothers_registration() public {
        vm.prank(anyone);
        bytes32 squatted = registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "ipfs://squat");
        bytes32 id = registerModel();
        assertNotEq(id, squatted);
        assertEq(registry.model(id).owner, owner);
        assertEq(registry.model(squatted).owner, anyone);
    }

    function test_a_model_is_registered_once() public {
        bytes32 id = registerModel();
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelExists.selector, id));
        registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "ipfs://other");
        vm.prank(owner);
        registry.tombstone(id);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelExists.selector, id));
        registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "ipfs://model");
    }

    function test_refuses_tensors_out_of_range() public {
        IModelRegistry.TensorSpec[7] memory specs = [
            spec(0, 8, 1),
            spec(1, 0, 1),
            spec(1, 254, 1),
            spec(1, 255, 1),
            spec(1, 8, 0),
            spec(1, 8, 2),
            spec(254, 1, 1)
        ];
        for (uint256 i = 0; i < specs.length; ++i) {
            IModelRegistry.ModelIdentity memory identity = identityOfModel();
            identity.inputSpec = specs[i];
            _expectRefusal(identity, pricesOfModel(), noRoyalty(), IModelRegistry.TensorSpecRange.selector);
            identity = identityOfModel();
            identity.outputSpec = specs[i];
            _expectRefusal(identity, pricesOfModel(), noRoyalty(), IModelRegistry.TensorSpecRange.selector);
        }
    }

    function test_refuses_royalties_above_the_price_or_to_nobody() public {
        _expectRefusal(
            identityOfModel(), pricesOfModel(), IModelRegistry.Royalty(anyone, 10_001), IModelRegistry.RoyaltyRange.selector
        );
        _expectRefusal(
            identityOfModel(), pricesOfModel(), IModelRegistry.Royalty(address(0), 1), IModelRegistry.RoyaltyRange.selector
        );
        vm.prank(owner);
        registry.register(identityOfModel(), key, pricesOfModel(), IModelRegistry.Royalty(anyone, 10_000), "");
    }

    function test_refuses_empty_price_lists_and_tokens_named_twice() public {
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](0);
        _expectRefusal(identityOfModel(), prices, noRoyalty(), IModelRegistry.PriceList.selector);
        prices = new IModelRegistry.TokenPrice[](3);
        prices[0].token = prices[2].token = token;
        _expectRefusal(identityOfModel(), prices, noRoyalty(), IModelRegistry.PriceList.selector);
    }

    function test_refuses_keys_with_another_number_of_signals() public {
        bytes memory key = new SimulatedProver(4, 1).key();
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.KeySignals.selector, 4));
        registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "");
    }

    function test_refuses_keys_that_the_verifier_refuses() public {
        SimulatedProver prover = new SimulatedProver(3, 1);
        SimulatedProver.Trapdoor memory trapdoor = prover.drawTrapdoor(3, 1);
        trapdoor.delta = trapdoor.gamma;
        bytes memory key = prover.keyOf(trapdoor);
        vm.prank(owner);
        vm.expectRevert(IGroth16Verifier.KeyWithoutContribution.selector);
        registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "");
    }

    function test_development_models_are_refused_outside_the_chains_admitted() public {
        IModelRegistry.ModelIdentity memory identity = identityOfModel();
        identity.transcriptHash = 0;
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.DevelopmentModel.selector, 1));
        registry.register(identity, key, pricesOfModel(), noRoyalty(), "");

        vm.chainId(DEVELOPMENT_CHAIN);
        vm.prank(owner);
        registry.register(identity, key, pricesOfModel(), noRoyalty(), "");
        assertTrue(registry.admitsDevelopment(DEVELOPMENT_CHAIN));
        assertFalse(registry.admitsDevelopment(1));
    }

    function _expectRefusal(
        IModelRegistry.ModelIdentity memory identity,
        IModelRegistry.TokenPrice[] memory prices,
        IModelRegistry.Royalty memory royalty,
        bytes4 selector
    ) private {
        vm.prank(owner);
        vm.expectRevert(selector);
        registry.register(identity, key, prices, royalty, "");
    }

    function _assertTerms(bytes32 id, IModelRegistry.Model memory expected) private view {
        (
            IModelRegistry.ModelState state,
            bytes32 keyHash,
            IModelRegistry.TensorSpec memory inputSpec,
            IModelRegistry.TensorSpec memory outputSpec
        ) = registry.verificationTerms(id);
        assertEq(
            abi.encode(state, keyHash, inputSpec, outputSpec),
            abi.encode(expected.state, expected.keyHash, expected.identity.inputSpec, expected.identity.outputSpec)
        );
        (address owner, IModelRegistry.Royalty memory royalty) = registry.payoutTerms(id);
        assertEq(abi.encode(owner, royalty), abi.encode(expected.owner, expected.royalty));
    }
}
