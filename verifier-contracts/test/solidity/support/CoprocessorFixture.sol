// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../../contracts/Groth16Verifier.sol";
import {InferenceCoprocessor} from "../../../contracts/InferenceCoprocessor.sol";
import {ModelRegistry} from "../../../contracts/ModelRegistry.sol";
import {Poseidon} from "../../../contracts/Poseidon.sol";
import {IInferenceCoprocessor} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {ISequencerUptimeFeed} from "../../../contracts/interfaces/ISequencerUptimeFeed.sol";
import {Statement} from "../../../contracts/libraries/Statement.sol";
import {HostileFeed} from "../malicious/HostileFeed.sol";
import {InvariantTest} from "./InvariantTest.sol";
import {SimulatedProver} from "./SimulatedProver.sol";
import {TestToken} from "./TestToken.sol";

/// @title Everything deployed, three models under keys whose trapdoors are known, and short ways to request and fulfil
/// @dev The verifier, the registry, the hash and the coprocessor are the real ones.
abstract contract CoprocessorFixture is InvariantTest {
    address internal constant CURRENCY = address(0);
    /// @dev Not a multiple of 10,000: royalties are rounded.
    uint96 internal constant MODEL_PRICE = 1 ether + 1;
    uint96 internal constant TOKEN_PRICE = 500_000_001;
    uint96 internal constant WORKER_FEE = 0.25 ether;
    uint16 internal constant ROYALTY_BASIS_POINTS = 333;
    uint64 internal constant START = 1_800_000_000;

    Groth16Verifier internal verifier;
    ModelRegistry internal registry;
    Poseidon internal poseidon;
    HostileFeed internal feed;
    InferenceCoprocessor internal coprocessor;
    SimulatedProver internal prover;
    SimulatedProver internal otherProver;
    TestToken internal token;

    address internal admin = makeAddr("admin");
    address internal guardian = makeAddr("guardian");
    address internal modelOwner = makeAddr("modelOwner");
    address internal royaltyReceiver = makeAddr("royaltyReceiver");
    address internal requester = makeAddr("requester");
    address internal refundAddress = makeAddr("refundAddress");
    address internal worker = makeAddr("worker");
    address internal stranger = makeAddr("stranger");

    /// @dev 2 words in, 1 word out.
    bytes32 internal smallModel;
    /// @dev 3 words in, 3 words out, under another key, without a royalty.
    bytes32 internal fullModel;
    /// @dev 4 words in, 4 words out, under the key of the small one.
    bytes32 internal wideModel;

    uint256 private _nonce;

    function setUp() public virtual {
        vm.warp(START);
        verifier = new Groth16Verifier();
        registry = deployRegistry();
        poseidon = new Poseidon();
        feed = new HostileFeed();
        feed.push(false, START - 1 days);
        coprocessor = deployCoprocessor();
        prover = new SimulatedProver(3, 1);
        otherProver = new SimulatedProver(3, 2);
        token = new TestToken();
        IModelRegistry.Royalty memory royalty = IModelRegistry.Royalty(royaltyReceiver, ROYALTY_BASIS_POINTS);
        smallModel = register(prover, "small", tensor(40, 8, 2), tensor(3, 20, 1), royalty);
        wideModel = register(prover, "wide", tensor(100, 8, 4), tensor(40, 20, 4), royalty);
        IModelRegistry.Royalty memory none;
        fullModel = register(otherProver, "full", tensor(93, 8, 3), tensor(3, 253, 3), none);
    }

    function deployRegistry() internal returns (ModelRegistry) {
        return new ModelRegistry(verifier, new uint256[](0), admin, guardian);
    }

    function deployCoprocessor() internal returns (InferenceCoprocessor) {
        return new InferenceCoprocessor(
            IModelRegistry(address(registry)), verifier, poseidon, ISequencerUptimeFeed(feed), admin, guardian
        );
    }

    function tensor(uint48 count, uint8 bits, uint32 words) internal pure returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec(count, bits, words);
    }

    function register(
        SimulatedProver keyProver,
        bytes32 digest,
        IModelRegistry.TensorSpec memory inputSpec,
        IModelRegistry.TensorSpec memory outputSpec,
        IModelRegistry.Royalty memory royalty
    ) internal returns (bytes32) {
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](2);
        prices[0] = IModelRegistry.TokenPrice(CURRENCY, MODEL_PRICE);
        prices[1] = IModelRegistry.TokenPrice(address(token), TOKEN_PRICE);
        IModelRegistry.ModelIdentity memory identity =
            IModelRegistry.ModelIdentity(digest, "circuit", "transcript", inputSpec, outputSpec);
        bytes memory key = keyProver.key();
        vm.prank(modelOwner);
        return registry.register(identity, key, prices, royalty, "ipfs://model");
    }

    /// @notice Terms for the small model in the chain's currency, delivery Values, without a callback; a nonce of their own.
    function termsOf(bytes32 modelId) internal returns (IInferenceCoprocessor.RequestTerms memory) {
        return IInferenceCoprocessor.RequestTerms({
            modelId: modelId,
            inputHash: modelId == wideModel ? 4_711 : 0,
            token: CURRENCY,
            modelPrice: MODEL_PRICE,
            workerFee: WORKER_FEE,
            deadline: uint64(vm.getBlockTimestamp()) + 1 days,
            delivery: modelId == wideModel
                ? IInferenceCoprocessor.Delivery.Commitment
                : IInferenceCoprocessor.Delivery.Values,
            callbackGasLimit: 0,
            callbackGasPrice: 0,
            refundAddress: refundAddress,
            nonce: _nonce++
        });
    }

    function inTokens(IInferenceCoprocessor.RequestTerms memory terms)
        internal
        view
        returns (IInferenceCoprocessor.RequestTerms memory)
    {
        (terms.token, terms.modelPrice) = (address(token), TOKEN_PRICE);
        return terms;
    }

    function withCallback(IInferenceCoprocessor.RequestTerms memory terms, uint32 gasLimit, uint64 gasPrice)
        internal
        pure
        returns (IInferenceCoprocessor.RequestTerms memory)
    {
        (terms.callbackGasLimit, terms.callbackGasPrice) = (gasLimit, gasPrice);
        return terms;
    }

    function inlined(uint256 words) internal pure returns (IInferenceCoprocessor.InputSource memory input) {
        input.words = someWords(words);
    }

    function someWords(uint256 count) internal pure returns (uint256[] memory words) {
        words = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            words[i] = 1_000 + i;
        }
    }

    /// @notice Wei that a request needs.
    function valueOf(IInferenceCoprocessor.RequestTerms memory terms) internal pure returns (uint256) {
        uint256 callbackMoney = uint256(terms.callbackGasLimit) * terms.callbackGasPrice;
        return terms.token == CURRENCY ? uint256(terms.modelPrice) + terms.workerFee + callbackMoney : callbackMoney;
    }

    /// @notice Gives `sender` what the request costs and makes it.
    function requestAs(
        address sender,
        IInferenceCoprocessor.RequestTerms memory terms,
        IInferenceCoprocessor.InputSource memory input
    ) internal returns (bytes32) {
        uint256 value = fund(sender, terms);
        vm.prank(sender);
        return coprocessor.requestInference{value: value}(terms, input);
    }

    /// @notice Gives `sender` what the request costs, and the coprocessor leave to take it.
    function fund(address sender, IInferenceCoprocessor.RequestTerms memory terms) internal returns (uint256 value) {
        value = valueOf(terms);
        vm.deal(sender, sender.balance + value);
        if (terms.token != address(token)) return value;
        token.mint(sender, uint256(terms.modelPrice) + terms.workerFee);
        vm.prank(sender);
        token.approve(address(coprocessor), type(uint256).max);
    }

    function request(IInferenceCoprocessor.RequestTerms memory terms) internal returns (bytes32) {
        return requestAs(requester, terms, inputOf(terms.modelId));
    }

    function requestSmall() internal returns (bytes32) {
        return request(termsOf(smallModel));
    }

    /// @notice The words that `request` asks about; none for the wide model, whose requests name a hash.
    function inputOf(bytes32 modelId) internal view returns (IInferenceCoprocessor.InputSource memory) {
        if (modelId == wideModel) return inlined(0);
        return inlined(modelId == smallModel ? 2 : 3);
    }

    /// @notice What a worker that is paid to `payee` would submit, with a valid proof.
    function fulfilmentOf(bytes32 requestId, address payee)
        internal
        view
        returns (IInferenceCoprocessor.Fulfilment memory item)
    {
        item.requestId = requestId;
        item.payee = payee;
        IInferenceCoprocessor.Request memory stored = coprocessor.request(requestId);
        if (stored.delivery == IInferenceCoprocessor.Delivery.Values) {
            (,,, IModelRegistry.TensorSpec memory spec) = registry.verificationTerms(stored.modelId);
            item.outputWords = someWords(spec.words);
            item.outputSalt = Statement.OPEN_OUTPUT_SALT;
            item.outputHash = Statement.commitOutput(poseidon, spec, item.outputWords, item.outputSalt);
        } else {
            item.outputHash = uint256(requestId) >> 3;
        }
        prove(item);
    }

    function fulfilmentOf(bytes32 requestId) internal view returns (IInferenceCoprocessor.Fulfilment memory) {
        return fulfilmentOf(requestId, worker);
    }

    /// @notice Replaces the proof by one of what the item says now.
    function prove(IInferenceCoprocessor.Fulfilment memory item) internal view {
        IInferenceCoprocessor.Request memory stored = coprocessor.request(item.requestId);
        SimulatedProver keyProver = stored.modelId == fullModel ? otherProver : prover;
        uint256 binder = coprocessor.binderOf(item.requestId, item.payee);
        item.proof = keyProver.prove(item.outputHash, stored.inputHash, binder);
    }

    function fulfill(bytes32 requestId) internal {
        IInferenceCoprocessor.Fulfilment memory item = fulfilmentOf(requestId);
        vm.prank(stranger);
        coprocessor.fulfill(item);
    }

    /// @notice Fails unless the request is open, fulfilled, refunded… as said.
    function assertStatus(bytes32 requestId, IInferenceCoprocessor.RequestStatus expected) internal view {
        assertEq(uint256(coprocessor.request(requestId).status), uint256(expected));
    }

    function assertCallback(bytes32 requestId, IInferenceCoprocessor.CallbackStatus expected) internal view {
        assertEq(uint256(coprocessor.request(requestId).callbackStatus), uint256(expected));
    }

    function balance(address account) internal view returns (uint256) {
        return coprocessor.balanceOf(account, CURRENCY);
    }

    /// @notice Fails unless escrows and balances are all there is, to the last wei.
    /// @param sumOfBalances Of all accounts in the chain's currency.
    function assertSolvent(uint256 sumOfBalances) internal view {
        assertEq(address(coprocessor).balance, coprocessor.escrowed(CURRENCY) + sumOfBalances);
    }
}
