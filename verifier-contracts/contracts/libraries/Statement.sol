// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IPoseidon} from "../interfaces/IPoseidon.sol";
import {SCALAR_FIELD_ORDER} from "./Bn254.sol";

/// @title The statement that a proof shows: commitments, salts, ids and the binder, as every other part computes them
/// @notice Commitments of 1 to 3 words, so that a contract can ask about data it holds and open the answer.
/// @dev A word is checked to be below the field's order, since word + k * order would open to another value, and words are
///   counted. Bits beyond a word's elements are not looked at: for several tensors a TensorSpec does not say where they
///   are. No proof exists for an input with such bits (the circuit checks the range of every element), and an output's words
///   are those of the circuit. `pack` makes words that have none.
library Statement {
    /// @dev The commitment to an input is no output's: the kind is hashed.
    uint256 internal constant INPUT = 1;
    uint256 internal constant OUTPUT = 2;

    /// @dev Words that contracts commit to: header, words and salt go into one Poseidon call of at most 5 inputs.
    uint256 internal constant MAX_WORDS = 3;

    /// @dev The input salt that hides nothing.
    uint256 internal constant OPEN_INPUT_SALT = 0;
    /// @dev Poseidon(OPEN_INPUT_SALT, 1): the output salt that belongs to it.
    uint256 internal constant OPEN_OUTPUT_SALT =
        12583541437132735734108669866114103169564651237895298778035846191048104863326;

    bytes32 internal constant MODEL_DOMAIN = keccak256("zkinfer.model.v1");
    bytes32 internal constant REQUEST_DOMAIN = keccak256("zkinfer.request.v1");
    bytes32 internal constant BINDER_DOMAIN = keccak256("zkinfer.binder.v1");

    /// @dev Second input of the Poseidon call that derives an output's salt.
    uint256 private constant OUTPUT_SALT_DOMAIN = 1;
    /// @dev Bits of a word that hold elements: the most that are below the field's order whatever they are.
    uint256 private constant WORD_BITS = 253;
    /// @dev The header is kind + 2^8 * bits + 2^16 * count.
    uint256 private constant BITS_SHIFT = 8;
    uint256 private constant COUNT_SHIFT = 16;
    /// @dev The binder drops 3 bits of a hash: 253 are left, always below the field's order.
    uint256 private constant BINDER_SHIFT = 3;

    /// @notice The tensor's specification is out of range, or not that of a single tensor where one is needed.
    error StatementSpec();
    /// @notice Contracts commit to 1 to 3 words.
    error StatementTooManyWords(uint256 words);
    /// @notice The number of words is not the model's.
    error StatementWordCount(uint256 got, uint256 expected);
    /// @notice Word `index` is not below the scalar field's order.
    error StatementWordRange(uint256 index, uint256 word);
    /// @notice The salt is not below the scalar field's order.
    error StatementSaltRange();
    /// @notice The number of elements is not the model's.
    error StatementElementCount(uint256 got, uint256 expected);
    /// @notice Element `index` has more bits than the model's.
    error StatementElementRange(uint256 index, uint256 element);
    /// @notice The tensor has no element `index`.
    error StatementElementIndex(uint256 index);

    /// @notice The commitment to an input's words.
    function commitInput(IPoseidon hasher, IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        internal
        view
        returns (uint256)
    {
        return commit(hasher, INPUT, spec, words, salt);
    }

    /// @notice The commitment to an output's words; for an open input the salt is OPEN_OUTPUT_SALT.
    function commitOutput(IPoseidon hasher, IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        internal
        view
        returns (uint256)
    {
        return commit(hasher, OUTPUT, spec, words, salt);
    }

    /// @notice Poseidon over the header, the words and the salt.
    /// @param kind INPUT or OUTPUT.
    /// @param words As many as the model's, 1 to 3, each below the field's order.
    /// @param salt Below the field's order.
    function commit(
        IPoseidon hasher,
        uint256 kind,
        IModelRegistry.TensorSpec memory spec,
        uint256[] memory words,
        uint256 salt
    ) internal view returns (uint256) {
        uint256 count = words.length;
        requireSpec(spec);
        if (count != spec.words) revert StatementWordCount(count, spec.words);
        if (count > MAX_WORDS) revert StatementTooManyWords(count);
        if (salt >= SCALAR_FIELD_ORDER) revert StatementSaltRange();

        uint256[] memory items = new uint256[](count + 2);
        items[0] = kind | uint256(spec.bits) << BITS_SHIFT | uint256(spec.count) << COUNT_SHIFT;
        for (uint256 i = 0; i < count; ++i) {
            if (words[i] >= SCALAR_FIELD_ORDER) revert StatementWordRange(i, words[i]);
            items[i + 1] = words[i];
        }
        items[count + 1] = salt;
        return hasher.hash(items);
    }

    /// @notice The salt of the output's commitment, as the circuit derives it.
    function outputSalt(IPoseidon hasher, uint256 inputSalt) internal view returns (uint256) {
        if (inputSalt == OPEN_INPUT_SALT) return OPEN_OUTPUT_SALT;
        if (inputSalt >= SCALAR_FIELD_ORDER) revert StatementSaltRange();
        uint256[] memory items = new uint256[](2);
        items[0] = inputSalt;
        items[1] = OUTPUT_SALT_DOMAIN;
        return hasher.hash(items);
    }

    /// @notice The id under which `owner` registers this model.
    function modelId(address owner, bytes32 keyHash, IModelRegistry.ModelIdentity memory identity)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                MODEL_DOMAIN,
                owner,
                keyHash,
                identity.circuitDigest,
                identity.modelDigest,
                identity.inputSpec,
                identity.outputSpec,
                identity.transcriptHash
            )
        );
    }

    /// @notice The id of a request; `terms` with the inputHash filled in.
    function requestId(
        uint256 chainId,
        address coprocessor,
        address requester,
        IInferenceCoprocessor.RequestTerms memory terms
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(REQUEST_DOMAIN, chainId, coprocessor, requester, terms));
    }

    /// @notice The public signal that ties a proof to one request and one payee.
    function binder(uint256 chainId, address coprocessor, bytes32 request, bytes32 model, address payee)
        internal
        pure
        returns (uint256)
    {
        return
            uint256(keccak256(abi.encode(BINDER_DOMAIN, chainId, coprocessor, request, model, payee))) >> BINDER_SHIFT;
    }

    /// @notice The words of a single tensor: floor(253 / bits) elements each, the first in the lowest bits.
    /// @param elements As many as the model's, each minus the range's lowest: an unsigned integer below 2^bits.
    function pack(IModelRegistry.TensorSpec memory spec, uint256[] memory elements)
        internal
        pure
        returns (uint256[] memory words)
    {
        uint256 perWord = _elementsPerWord(spec);
        if (elements.length != spec.count) revert StatementElementCount(elements.length, spec.count);
        words = new uint256[](spec.words);
        for (uint256 i = 0; i < elements.length; ++i) {
            if (elements[i] >> spec.bits != 0) revert StatementElementRange(i, elements[i]);
            words[i / perWord] |= elements[i] << spec.bits * (i % perWord);
        }
    }

    /// @notice The elements of a single tensor, each minus the range's lowest.
    function unpack(IModelRegistry.TensorSpec memory spec, uint256[] memory words)
        internal
        pure
        returns (uint256[] memory elements)
    {
        elements = new uint256[](spec.count);
        for (uint256 i = 0; i < elements.length; ++i) {
            elements[i] = elementOf(spec, words, i);
        }
    }

    /// @notice Element `index` of a single tensor, minus the range's lowest.
    function elementOf(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 index)
        internal
        pure
        returns (uint256)
    {
        uint256 perWord = _elementsPerWord(spec);
        if (words.length != spec.words) revert StatementWordCount(words.length, spec.words);
        if (index >= spec.count) revert StatementElementIndex(index);
        uint256 mask = type(uint256).max >> 256 - spec.bits;
        return words[index / perWord] >> spec.bits * (index % perWord) & mask;
    }

    /// @notice Reverts unless counts and widths are those of tensors.
    function requireSpec(IModelRegistry.TensorSpec memory spec) internal pure {
        if (!isSpec(spec)) revert StatementSpec();
    }

    /// @notice Whether counts and widths are those of tensors: a word holds 1 to 253 elements.
    function isSpec(IModelRegistry.TensorSpec memory spec) internal pure returns (bool) {
        return spec.bits > 0 && spec.bits <= WORD_BITS && spec.words > 0 && spec.words <= spec.count
            && spec.count <= WORD_BITS * spec.words;
    }

    /// @dev Reverts unless the specification can be a single tensor's.
    function _elementsPerWord(IModelRegistry.TensorSpec memory spec) private pure returns (uint256 perWord) {
        requireSpec(spec);
        perWord = WORD_BITS / spec.bits;
        if (spec.words != (spec.count + perWord - 1) / perWord) revert StatementSpec();
    }
}
