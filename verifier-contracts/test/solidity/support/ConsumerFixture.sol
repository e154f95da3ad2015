// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../../contracts/Groth16Verifier.sol";
import {InferenceCoprocessor} from "../../../contracts/InferenceCoprocessor.sol";
import {ModelRegistry} from "../../../contracts/ModelRegistry.sol";
import {Poseidon} from "../../../contracts/Poseidon.sol";
import {IInferenceCoprocessor} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {IPoseidon} from "../../../contracts/interfaces/IPoseidon.sol";
import {ISequencerUptimeFeed} from "../../../contracts/interfaces/ISequencerUptimeFeed.sol";
import {Statement} from "../../../contracts/libraries/Statement.sol";
import {SimulatedProver} from "./SimulatedProver.sol";
import {Test} from "./Test.sol";

/// @title A worker that answers what consumers ask: the real contracts, and proofs of any statement
abstract contract ConsumerFixture is Test {
    uint96 internal constant MODEL_PRICE = 3 gwei;
    uint96 internal constant WORKER_FEE = 5 gwei;
    uint64 internal constant GAS_PRICE = 2;

    address internal worker = makeAddr("worker");
    Groth16Verifier internal verifier;
    ModelRegistry internal registry;
    InferenceCoprocessor internal coprocessor;
    SimulatedProver internal prover;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        verifier = new Groth16Verifier();
        registry = new ModelRegistry(verifier, new uint256[](0), makeAddr("admin"), makeAddr("guardian"));
        coprocessor = new InferenceCoprocessor(
            registry,
            verifier,
            new Poseidon(),
            ISequencerUptimeFeed(address(0)),
            makeAddr("admin"),
            makeAddr("guardian")
        );
        prover = new SimulatedProver(3, 1);
    }

    function registerModel(IModelRegistry.TensorSpec memory inputSpec, IModelRegistry.TensorSpec memory outputSpec)
        internal
        returns (bytes32)
    {
        return registerModel(inputSpec, outputSpec, address(0));
    }

    /// @notice A model that costs MODEL_PRICE in a token.
    function registerModel(
        IModelRegistry.TensorSpec memory inputSpec,
        IModelRegistry.TensorSpec memory outputSpec,
        address token
    ) internal returns (bytes32) {
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](1);
        prices[0] = IModelRegistry.TokenPrice(token, MODEL_PRICE);
        IModelRegistry.Royalty memory royalty;
        IModelRegistry.ModelIdentity memory identity =
            IModelRegistry.ModelIdentity("network", "circuit", "transcript", inputSpec, outputSpec);
        return registry.register(identity, prover.key(), prices, royalty, "");
    }

    /// @notice Fulfils a request whose input salt was 0 with a proof of this output.
    function answer(bytes32 requestId, uint256 outputWord) internal {
        coprocessor.fulfill(fulfilment(requestId, outputWord));
    }

    function fulfilment(bytes32 requestId, uint256 outputWord)
        internal
        view
        returns (IInferenceCoprocessor.Fulfilment memory item)
    {
        IInferenceCoprocessor.Request memory asked = coprocessor.request(requestId);
        return fulfilmentOf(requestId, asked.inputHash, outputWord);
    }

    /// @notice A proof about an input, which is the request's or not.
    function fulfilmentOf(bytes32 requestId, uint256 inputHash, uint256 outputWord)
        internal
        view
        returns (IInferenceCoprocessor.Fulfilment memory item)
    {
        item.requestId = requestId;
        item.payee = worker;
        item.outputWords = new uint256[](1);
        item.outputWords[0] = outputWord;
        item.outputSalt = Statement.OPEN_OUTPUT_SALT;
        (,,, IModelRegistry.TensorSpec memory outputSpec) =
            registry.verificationTerms(coprocessor.request(requestId).modelId);
        IPoseidon hasher = coprocessor.POSEIDON();
        item.outputHash = Statement.commitOutput(hasher, outputSpec, item.outputWords, item.outputSalt);
        item.proof = prover.prove(item.outputHash, inputHash, coprocessor.binderOf(requestId, worker));
    }

    function assertCallback(bytes32 requestId, IInferenceCoprocessor.CallbackStatus expected) internal view {
        assertEq(uint256(coprocessor.request(requestId).callbackStatus), uint256(expected), "callback");
    }
}
