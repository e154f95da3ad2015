// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../../contracts/Groth16Verifier.sol";
import {ModelRegistry} from "../../../contracts/ModelRegistry.sol";
import {IGuardedRoles} from "../../../contracts/interfaces/IGuardedRoles.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {SimulatedProver} from "./SimulatedProver.sol";
import {Test} from "./Test.sol";

/// @title A registry on chain 1, and a model to register
abstract contract RegistryFixture is Test {
    uint256 internal constant DEVELOPMENT_CHAIN = 31337;
    address internal constant CURRENCY = address(0);

    address internal admin = makeAddr("admin");
    address internal guardian = makeAddr("guardian");
    address internal owner = makeAddr("owner");
    address internal anyone = makeAddr("anyone");
    address internal token = makeAddr("token");

    Groth16Verifier internal verifier;
    ModelRegistry internal registry;
    bytes internal key;

    function setUp() public virtual {
        vm.chainId(1);
        vm.warp(1_800_000_000);
        verifier = new Groth16Verifier();
        registry = new ModelRegistry(verifier, _developmentChains(), admin, guardian);
        key = new SimulatedProver(3, 1).key();
    }

    function registerModel() internal returns (bytes32) {
        vm.prank(owner);
        return registry.register(identityOfModel(), key, pricesOfModel(), noRoyalty(), "ipfs://model");
    }

    function expectUnauthorised(address caller) internal {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IGuardedRoles.NotAuthorised.selector, caller));
    }

    function identityOfModel() internal pure returns (IModelRegistry.ModelIdentity memory) {
        return IModelRegistry.ModelIdentity({
            modelDigest: bytes32(uint256(11)),
            circuitDigest: bytes32(uint256(12)),
            transcriptHash: bytes32(uint256(13)),
            inputSpec: spec(784, 8, 26),
            outputSpec: spec(10, 20, 1)
        });
    }

    function spec(uint48 count, uint8 bits, uint32 words) internal pure returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec(count, bits, words);
    }

    function pricesOfModel() internal view returns (IModelRegistry.TokenPrice[] memory prices) {
        prices = new IModelRegistry.TokenPrice[](2);
        prices[0] = IModelRegistry.TokenPrice(CURRENCY, 5);
        prices[1] = IModelRegistry.TokenPrice(token, 7);
    }

    function noRoyalty() internal pure returns (IModelRegistry.Royalty memory royalty) {}

    function _developmentChains() private pure returns (uint256[] memory chains) {
        chains = new uint256[](1);
        chains[0] = DEVELOPMENT_CHAIN;
    }
}
