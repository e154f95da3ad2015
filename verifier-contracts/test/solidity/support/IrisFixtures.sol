// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {Test} from "./Test.sol";

/// @title Real proofs of the iris model, with everything that they are bound to
/// @notice Made by `npm run fixtures -w examples`, whose script documents the file. They are valid on forge's chain for a
///   coprocessor at `_irisCoprocessor()` (see `_deployAt`), from `_irisTimestamp()` on, if the model is registered by its owner.
abstract contract IrisFixtures is Test {
    struct IrisModel {
        address owner;
        bytes key;
        bytes32 keyHash;
        bytes32 modelId;
        IModelRegistry.ModelIdentity identity;
        uint96 price;
    }

    /// @param signals [outputHash, inputHash, binder].
    /// @param label The class with the highest logit.
    struct IrisProof {
        address requester;
        bytes32 requestId;
        IInferenceCoprocessor.RequestTerms terms;
        uint256[] inputWords;
        uint256 inputSalt;
        address payee;
        uint256 binder;
        uint256[] signals;
        uint256[8] proof;
        uint256[] outputWords;
        uint256 outputSalt;
        uint256 label;
    }

    /// @dev The first two are of one request, with two payees.
    uint256 internal constant IRIS_PROOFS = 7;
    uint256 internal constant IRIS_OPEN = 0;
    uint256 internal constant IRIS_OF_RIVAL = 1;
    uint256 internal constant IRIS_OTHER_INPUT = 2;
    uint256 internal constant IRIS_OTHER_REQUESTER = 3;
    uint256 internal constant IRIS_WITH_CALLBACK = 4;
    uint256 internal constant IRIS_HIDDEN = 5;
    uint256 internal constant IRIS_HIDDEN_COMMITTED = 6;

    string private _json;

    function _irisCoprocessor() internal returns (address) {
        return vm.parseJsonAddress(_iris(), ".coprocessor");
    }

    function _irisTimestamp() internal returns (uint256) {
        return vm.parseJsonUint(_iris(), ".timestamp");
    }

    function _irisModel() internal returns (IrisModel memory model) {
        model.owner = vm.parseJsonAddress(_iris(), ".model.owner");
        model.key = vm.parseJsonBytes(_iris(), ".model.key");
        model.keyHash = vm.parseJsonBytes32(_iris(), ".model.keyHash");
        model.modelId = vm.parseJsonBytes32(_iris(), ".model.modelId");
        model.price = uint96(vm.parseJsonUint(_iris(), ".model.price"));
        model.identity.modelDigest = vm.parseJsonBytes32(_iris(), ".model.identity.modelDigest");
        model.identity.circuitDigest = vm.parseJsonBytes32(_iris(), ".model.identity.circuitDigest");
        model.identity.transcriptHash = vm.parseJsonBytes32(_iris(), ".model.identity.transcriptHash");
        model.identity.inputSpec = _spec(".model.identity.inputSpec");
        model.identity.outputSpec = _spec(".model.identity.outputSpec");
    }

    function _irisProof(uint256 index) internal returns (IrisProof memory item) {
        string memory entry = string.concat(".requests[", vm.toString(index), "]");
        item.requester = vm.parseJsonAddress(_iris(), string.concat(entry, ".requester"));
        item.requestId = vm.parseJsonBytes32(_iris(), string.concat(entry, ".requestId"));
        item.terms = _terms(string.concat(entry, ".terms"));
        item.inputWords = vm.parseJsonUintArray(_iris(), string.concat(entry, ".inputWords"));
        item.inputSalt = vm.parseJsonUint(_iris(), string.concat(entry, ".inputSalt"));
        item.payee = vm.parseJsonAddress(_iris(), string.concat(entry, ".payee"));
        item.binder = vm.parseJsonUint(_iris(), string.concat(entry, ".binder"));
        item.signals = vm.parseJsonUintArray(_iris(), string.concat(entry, ".signals"));
        uint256[] memory words = vm.parseJsonUintArray(_iris(), string.concat(entry, ".proof"));
        for (uint256 i = 0; i < 8; ++i) {
            item.proof[i] = words[i];
        }
        item.outputWords = vm.parseJsonUintArray(_iris(), string.concat(entry, ".outputWords"));
        item.outputSalt = vm.parseJsonUint(_iris(), string.concat(entry, ".outputSalt"));
        item.label = vm.parseJsonUint(_iris(), string.concat(entry, ".label"));
    }

    /// @notice What a worker submits for a proof.
    function _irisFulfilment(IrisProof memory item) internal pure returns (IInferenceCoprocessor.Fulfilment memory) {
        bool isOpened = item.terms.delivery == IInferenceCoprocessor.Delivery.Values;
        return IInferenceCoprocessor.Fulfilment({
            requestId: item.requestId,
            proof: item.proof,
            payee: item.payee,
            outputHash: item.signals[0],
            outputWords: isOpened ? item.outputWords : new uint256[](0),
            outputSalt: isOpened ? item.outputSalt : 0
        });
    }

    /// @notice Deploys a contract at an address of choice, its constructor run there.
    /// @param creation Creation code followed by the constructor's arguments.
    function _deployAt(address where, bytes memory creation) internal {
        vm.etch(where, creation);
        (bool success, bytes memory code) = where.call("");
        require(success, "the constructor reverted");
        vm.etch(where, code);
    }

    /// @notice A value of the file by its key.
    function _irisText(string memory key) internal returns (string memory) {
        return vm.parseJsonString(_iris(), key);
    }

    function _spec(string memory key) private returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec({
            count: uint48(vm.parseJsonUint(_iris(), string.concat(key, ".count"))),
            bits: uint8(vm.parseJsonUint(_iris(), string.concat(key, ".bits"))),
            words: uint32(vm.parseJsonUint(_iris(), string.concat(key, ".words")))
        });
    }

    function _terms(string memory key) private returns (IInferenceCoprocessor.RequestTerms memory terms) {
        terms.modelId = vm.parseJsonBytes32(_iris(), string.concat(key, ".modelId"));
        terms.inputHash = vm.parseJsonUint(_iris(), string.concat(key, ".inputHash"));
        terms.token = vm.parseJsonAddress(_iris(), string.concat(key, ".token"));
        terms.modelPrice = uint96(vm.parseJsonUint(_iris(), string.concat(key, ".modelPrice")));
        terms.workerFee = uint96(vm.parseJsonUint(_iris(), string.concat(key, ".workerFee")));
        terms.deadline = uint64(vm.parseJsonUint(_iris(), string.concat(key, ".deadline")));
        terms.delivery = IInferenceCoprocessor.Delivery(vm.parseJsonUint(_iris(), string.concat(key, ".delivery")));
        terms.callbackGasLimit = uint32(vm.parseJsonUint(_iris(), string.concat(key, ".callbackGasLimit")));
        terms.callbackGasPrice = uint64(vm.parseJsonUint(_iris(), string.concat(key, ".callbackGasPrice")));
        terms.refundAddress = vm.parseJsonAddress(_iris(), string.concat(key, ".refundAddress"));
        terms.nonce = vm.parseJsonUint(_iris(), string.concat(key, ".nonce"));
    }

    function _iris() private returns (string memory) {
        if (bytes(_json).length == 0) _json = vm.readFile("test/fixtures/iris.json");
        return _json;
    }
}
