// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Poseidon} from "../../contracts/Poseidon.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {IPoseidon} from "../../contracts/interfaces/IPoseidon.sol";
import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {Test} from "./support/Test.sol";

/// @dev Gives the library's functions a frame of their own, so that what they revert with can be expected.
contract StatementCaller {
    IPoseidon private immutable _hasher = new Poseidon();

    function commit(uint256 kind, IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commit(_hasher, kind, spec, words, salt);
    }

    function commitInput(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commitInput(_hasher, spec, words, salt);
    }

    function commitOutput(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commitOutput(_hasher, spec, words, salt);
    }

    function outputSalt(uint256 inputSalt) external view returns (uint256) {
        return Statement.outputSalt(_hasher, inputSalt);
    }

    function hash(uint256[] memory inputs) external view returns (uint256) {
        return _hasher.hash(inputs);
    }

    function pack(IModelRegistry.TensorSpec memory spec, uint256[] memory elements)
        external
        pure
        returns (uint256[] memory)
    {
        return Statement.pack(spec, elements);
    }

    function unpack(IModelRegistry.TensorSpec memory spec, uint256[] memory words)
        external
        pure
        returns (uint256[] memory)
    {
        return Statement.unpack(spec, words);
    }

    function elementOf(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 index)
        external
        pure
        returns (uint256)
    {
        return Statement.elementOf(spec, words, index);
    }
}

contract StatementTest is Test {
    string private constant VECTORS = "../core/src/statement/statement.vectors.json";

    StatementCaller private _statement;
    string private _json;

    function setUp() public {
        _statement = new StatementCaller();
        _json = vm.readFile(VECTORS);
    }

    function test_commitments_of_up_to_three_words_are_those_of_core() public view {
        uint256 compared;
        for (uint256 i = 0; _has(".commit", i); ++i) {
            string memory key = _at(".commit", i);
            uint256[] memory words = _uints(key, ".words");
            if (words.length > Statement.MAX_WORDS) continue;
            // The vector of three words names more elements than words can hold, which is refused here.
            uint256 got = words.length == 3
                ? _hashOf(key, words)
                : _statement.commit(_uint(key, ".kind"), _specAt(key, words.length), words, _uint(key, ".salt"));
            assertEq(got, _uint(key, ".digest"), key);
            ++compared;
        }
        assertEq(compared, 5, "1 and 2 words, input and output; 3 words");
    }

    function test_a_commitment_of_three_words_hashes_header_words_and_salt() public view {
        uint256[] memory items = new uint256[](5);
        (items[0], items[1], items[2], items[3], items[4]) = (2 + (20 << 8) + (30 << 16), R - 1, 0, 7, R - 1);
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (R - 1, 0, 7);
        uint256 expected = _statement.hash(items);
        assertEq(_statement.commitOutput(_spec(30, 20, 3), words, R - 1), expected);
        assertNotEq(_statement.commitInput(_spec(30, 20, 3), words, R - 1), expected);
    }

    function test_refuses_every_alias_of_every_word() public {
        for (uint256 count = 1; count <= Statement.MAX_WORDS; ++count) {
            for (uint256 index = 0; index < count; ++index) {
                uint256 word = uint256(keccak256(abi.encode(count, index))) % R;
                for (uint256 alias_ = word; alias_ <= type(uint256).max - R;) {
                    alias_ += R;
                    uint256[] memory words = new uint256[](count);
                    words[index] = alias_;
                    vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordRange.selector, index, alias_));
                    _statement.commitInput(_spec(uint48(count), 253, uint32(count)), words, 0);
                }
            }
        }
    }

    function test_refuses_every_alias_of_the_salt() public {
        uint256 aliases;
        for (uint256 salt = 1; salt <= type(uint256).max - R; ++aliases) {
            salt += R;
            vm.expectRevert(Statement.StatementSaltRange.selector);
            _statement.commitInput(_spec(1, 8, 1), new uint256[](1), salt);
            vm.expectRevert(Statement.StatementSaltRange.selector);
            _statement.outputSalt(salt);
        }
        assertEq(aliases, 5);
    }

    function testFuzz_another_word_salt_kind_or_spec_is_another_commitment(uint256 word, uint256 salt) public view {
        (word, salt) = (bound(word, 0, R - 2), bound(salt, 0, R - 2));
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        uint256 base = _statement.commitInput(_spec(4, 8, 1), words, salt);
        assertNotEq(_statement.commitOutput(_spec(4, 8, 1), words, salt), base);
        assertNotEq(_statement.commitInput(_spec(5, 8, 1), words, salt), base);
        assertNotEq(_statement.commitInput(_spec(4, 9, 1), words, salt), base);
        assertNotEq(_statement.commitInput(_spec(4, 8, 1), words, salt + 1), base);
        words[0] = word + 1;
        assertNotEq(_statement.commitInput(_spec(4, 8, 1), words, salt), base);
    }

    function test_refuses_another_number_of_words_than_the_models() public {
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 1, 2));
        _statement.commitInput(_spec(62, 8, 2), new uint256[](1), 0);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 3, 2));
        _statement.commitInput(_spec(62, 8, 2), new uint256[](3), 0);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementTooManyWords.selector, 4));
        _statement.commitInput(_spec(124, 8, 4), new uint256[](4), 0);
    }

    function test_refuses_specifications_that_are_no_tensors() public {
        IModelRegistry.TensorSpec[6] memory specs =
            [_spec(0, 0, 0), _spec(0, 8, 1), _spec(1, 0, 1), _spec(1, 254, 1), _spec(1, 8, 2), _spec(254, 1, 1)];
        for (uint256 i = 0; i < specs.length; ++i) {
            vm.expectRevert(Statement.StatementSpec.selector);
            _statement.commitInput(specs[i], new uint256[](specs[i].words), 0);
        }
        _statement.commitInput(_spec(253, 1, 1), new uint256[](1), 0);
    }

    function test_output_salts_are_those_of_core_and_the_open_one_is_a_constant() public view {
        uint256 i = 0;
        for (; _has(".outputSalt", i); ++i) {
            string memory key = _at(".outputSalt", i);
            assertEq(_statement.outputSalt(_uint(key, ".inputSalt")), _uint(key, ".outputSalt"), key);
        }
        assertEq(i, 4);
        uint256[] memory items = new uint256[](2);
        items[1] = 1;
        assertEq(Statement.OPEN_OUTPUT_SALT, _statement.hash(items));
    }

    function test_binders_are_those_of_core() public view {
        assertEq(Statement.BINDER_DOMAIN, vm.parseJsonBytes32(_json, ".binderDomain"));
        uint256 i = 0;
        for (; _has(".binder", i); ++i) {
            string memory key = _at(".binder", i);
            uint256 got = Statement.binder(
                _uint(key, ".chainId"),
                vm.parseJsonAddress(_json, string.concat(key, ".coprocessor")),
                vm.parseJsonBytes32(_json, string.concat(key, ".requestId")),
                vm.parseJsonBytes32(_json, string.concat(key, ".modelId")),
                vm.parseJsonAddress(_json, string.concat(key, ".payee"))
            );
            assertEq(got, _uint(key, ".binder"), key);
            assertLt(got, R);
        }
        assertEq(i, 3);
    }

    function testFuzz_every_term_of_a_request_is_in_its_id(uint256 seed) public pure {
        IInferenceCoprocessor.RequestTerms memory terms;
        bytes32[15] memory ids;
        ids[0] = Statement.requestId(1, address(2), address(3), terms);
        ids[1] = Statement.requestId(2, address(2), address(3), terms);
        ids[2] = Statement.requestId(1, address(3), address(3), terms);
        ids[3] = Statement.requestId(1, address(2), address(2), terms);
        uint256 value = bound(seed, 1, type(uint32).max);
        for (uint256 i = 4; i < ids.length; ++i) {
            ids[i] = Statement.requestId(1, address(2), address(3), _changed(i - 4, value));
        }
        for (uint256 i = 0; i < ids.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                assertNotEq(ids[i], ids[j]);
            }
        }
    }

    function test_single_tensors_are_packed_as_in_core() public view {
        uint256 compared;
        for (uint256 i = 0; _has(".pack", i); ++i) {
            string memory key = _at(".pack", i);
            if (vm.keyExistsJson(_json, string.concat(key, ".layouts[1]"))) continue;
            uint256[] memory words = _uints(key, ".words");
            IModelRegistry.TensorSpec memory spec = _specAt(string.concat(key, ".layouts[0]"), words.length);
            uint256[] memory elements = _offsets(key);
            assertEq(_statement.pack(spec, elements), words, key);
            assertEq(_statement.unpack(spec, words), elements, key);
            ++compared;
        }
        assertEq(compared, 6);
    }

    function testFuzz_unpacking_undoes_packing(uint256 seed, uint256 count, uint256 bits) public view {
        (count, bits) = (bound(count, 1, 40), bound(bits, 1, 253));
        uint256 perWord = 253 / bits;
        IModelRegistry.TensorSpec memory spec =
            _spec(uint48(count), uint8(bits), uint32((count + perWord - 1) / perWord));
        uint256[] memory elements = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            elements[i] = uint256(keccak256(abi.encode(seed, i))) >> 256 - bits;
        }
        uint256[] memory words = _statement.pack(spec, elements);
        assertEq(_statement.unpack(spec, words), elements);
        for (uint256 i = 0; i < words.length; ++i) {
            assertLt(words[i], 1 << 253);
        }
    }

    function test_packing_refuses_elements_that_are_wide_missing_or_too_many() public {
        uint256[] memory elements = new uint256[](2);
        elements[1] = 1 << 8;
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementRange.selector, 1, 1 << 8));
        _statement.pack(_spec(2, 8, 1), elements);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementCount.selector, 2, 3));
        _statement.pack(_spec(3, 8, 1), elements);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementCount.selector, 2, 1));
        _statement.pack(_spec(1, 8, 1), elements);
    }

    function test_packing_refuses_what_cannot_be_a_single_tensor() public {
        vm.expectRevert(Statement.StatementSpec.selector);
        _statement.pack(_spec(31, 8, 2), new uint256[](31));
        vm.expectRevert(Statement.StatementSpec.selector);
        _statement.pack(_spec(0, 8, 0), new uint256[](0));
    }

    function test_reading_refuses_elements_beyond_the_last_and_missing_words() public {
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementElementIndex.selector, 31));
        _statement.elementOf(_spec(31, 8, 1), new uint256[](1), 31);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 1, 2));
        _statement.elementOf(_spec(32, 8, 2), new uint256[](1), 0);
        assertEq(_statement.elementOf(_spec(32, 8, 2), new uint256[](2), 31), 0);
    }

    /// @dev The commitment of three words without the library.
    function _hashOf(string memory key, uint256[] memory words) private view returns (uint256) {
        uint256[] memory items = new uint256[](5);
        items[0] = _uint(key, ".kind") + (_uint(key, ".bits") << 8) + (_uint(key, ".count") << 16);
        (items[1], items[2], items[3]) = (words[0], words[1], words[2]);
        items[4] = _uint(key, ".salt");
        return _statement.hash(items);
    }

    function _changed(uint256 field, uint256 value)
        private
        pure
        returns (IInferenceCoprocessor.RequestTerms memory terms)
    {
        if (field == 0) terms.modelId = bytes32(value);
        if (field == 1) terms.inputHash = value;
        if (field == 2) terms.token = address(uint160(value));
        if (field == 3) terms.modelPrice = uint96(value);
        if (field == 4) terms.workerFee = uint96(value);
        if (field == 5) terms.deadline = uint64(value);
        if (field == 6) terms.delivery = IInferenceCoprocessor.Delivery.Commitment;
        if (field == 7) terms.callbackGasLimit = uint32(value);
        if (field == 8) terms.callbackGasPrice = uint64(value);
        if (field == 9) terms.refundAddress = address(uint160(value));
        if (field == 10) terms.nonce = value;
    }

    /// @dev The first tensor of a vector, each element minus the range's lowest.
    function _offsets(string memory key) private view returns (uint256[] memory offsets) {
        string memory lowest = vm.parseJsonString(_json, string.concat(key, ".layouts[0].lo"));
        string[] memory elements = vm.parseJsonStringArray(_json, string.concat(key, ".tensors[0]"));
        offsets = new uint256[](elements.length);
        for (uint256 i = 0; i < elements.length; ++i) {
            offsets[i] = uint256(_integer(elements[i]) - _integer(lowest));
        }
    }

    function _integer(string memory text) private pure returns (int256 value) {
        bytes memory digits = bytes(text);
        bool negative = digits[0] == "-";
        for (uint256 i = negative ? 1 : 0; i < digits.length; ++i) {
            value = 10 * value + int256(uint256(uint8(digits[i])) - 48);
        }
        return negative ? -value : value;
    }

    function _specAt(string memory key, uint256 words) private view returns (IModelRegistry.TensorSpec memory) {
        return _spec(uint48(_uint(key, ".count")), uint8(_uint(key, ".bits")), uint32(words));
    }

    function _spec(uint48 count, uint8 bits, uint32 words) private pure returns (IModelRegistry.TensorSpec memory) {
        return IModelRegistry.TensorSpec({count: count, bits: bits, words: words});
    }

    function _has(string memory list, uint256 index) private view returns (bool) {
        return vm.keyExistsJson(_json, _at(list, index));
    }

    function _at(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]");
    }

    function _uint(string memory key, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, string.concat(key, field));
    }

    function _uints(string memory key, string memory field) private view returns (uint256[] memory) {
        return vm.parseJsonUintArray(_json, string.concat(key, field));
    }
}
