// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../contracts/Groth16Verifier.sol";
import {InferenceCoprocessor} from "../../contracts/InferenceCoprocessor.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {Poseidon} from "../../contracts/Poseidon.sol";
import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {HostileConsumer} from "./malicious/HostileConsumer.sol";
import {IrisFixtures} from "./support/IrisFixtures.sol";

/// @title From request to payment with proofs that a prover made of a real network
contract InferenceCoprocessorRealTest is IrisFixtures {
    InferenceCoprocessor private coprocessor;
    IrisModel private model;

    function setUp() public {
        vm.warp(_irisTimestamp());
        model = _irisModel();
        Groth16Verifier verifier = new Groth16Verifier();
        uint256[] memory developmentChains = new uint256[](1);
        developmentChains[0] = block.chainid;
        ModelRegistry registry = new ModelRegistry(verifier, developmentChains, address(1), address(2));
        bytes memory parts = abi.encode(registry, verifier, new Poseidon(), address(0), address(1), address(2));
        _deployAt(_irisCoprocessor(), bytes.concat(type(InferenceCoprocessor).creationCode, parts));
        coprocessor = InferenceCoprocessor(_irisCoprocessor());
        IModelRegistry.TokenPrice[] memory prices = new IModelRegistry.TokenPrice[](1);
        prices[0] = IModelRegistry.TokenPrice(address(0), model.price);
        IModelRegistry.Royalty memory none;
        vm.prank(model.owner);
        registry.register(model.identity, model.key, prices, none, "");
    }

    function test_every_real_proof_is_paid_and_its_output_stored() public {
        for (uint256 i = 0; i < IRIS_PROOFS; ++i) {
            if (i == IRIS_OF_RIVAL) continue; // Of the same request as the first.
            IrisProof memory item = _irisProof(i);
            uint256 before = coprocessor.balanceOf(item.payee, address(0));
            assertEq(_request(item), item.requestId);
            coprocessor.fulfill(_irisFulfilment(item));
            assertEq(coprocessor.balanceOf(item.payee, address(0)) - before, item.terms.workerFee);
            (uint256 outputHash, uint256[] memory words) = coprocessor.output(item.requestId);
            assertEq(outputHash, item.signals[0]);
            assertEq(words, _irisFulfilment(item).outputWords);
        }
    }

    function test_real_proofs_are_fulfilled_as_a_batch() public {
        I.Fulfilment[] memory items = new I.Fulfilment[](IRIS_PROOFS);
        for (uint256 i = 0; i < IRIS_PROOFS; ++i) {
            IrisProof memory item = _irisProof(i);
            if (i != IRIS_OF_RIVAL) _request(item);
            items[i] = _irisFulfilment(item);
        }
        assertEq(coprocessor.fulfillBatch(items), IRIS_PROOFS - 1);
        assertEq(coprocessor.request(items[0].requestId).payee, items[0].payee);
    }

    function test_a_copied_transaction_pays_the_worker_and_a_stolen_proof_nobody() public {
        IrisProof memory item = _irisProof(IRIS_OPEN);
        IrisProof memory ofRival = _irisProof(IRIS_OF_RIVAL);
        _request(item);
        I.Fulfilment memory stolen = _irisFulfilment(item);
        stolen.payee = ofRival.payee;
        vm.expectRevert(abi.encodeWithSelector(I.InvalidProof.selector, item.requestId));
        coprocessor.fulfill(stolen);
        vm.prank(ofRival.payee);
        coprocessor.fulfill(_irisFulfilment(item));
        assertEq(coprocessor.balanceOf(item.payee, address(0)), item.terms.workerFee);
        vm.expectRevert(abi.encodeWithSelector(I.RequestNotOpen.selector, item.requestId, I.RequestStatus.Fulfilled));
        coprocessor.fulfill(_irisFulfilment(ofRival));
    }

    function test_a_real_output_is_told_to_a_contract() public {
        IrisProof memory item = _irisProof(IRIS_WITH_CALLBACK);
        vm.etch(item.requester, address(new HostileConsumer(coprocessor)).code);
        _request(item);
        coprocessor.fulfill(_irisFulfilment(item));
        HostileConsumer consumer = HostileConsumer(payable(item.requester));
        assertEq(consumer.lastRequestId(), item.requestId);
        assertEq(consumer.lastWords(0), item.outputWords[0]);
    }

    /// @dev Open inputs are given inline; the terms leave their hash to the contract.
    function _request(IrisProof memory item) private returns (bytes32) {
        I.InputSource memory input;
        if (item.inputSalt == 0) {
            input.words = item.inputWords;
            item.terms.inputHash = 0;
        }
        uint256 value = uint256(item.terms.modelPrice) + item.terms.workerFee + uint256(item.terms.callbackGasLimit)
            * item.terms.callbackGasPrice;
        vm.deal(item.requester, value);
        vm.prank(item.requester);
        return coprocessor.requestInference{value: value}(item.terms, input);
    }
}
