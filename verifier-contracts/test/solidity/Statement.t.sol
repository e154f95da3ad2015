// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {StatementVectors} from "./support/StatementVectors.sol";

contract StatementTest is StatementVectors {
    function test_commitments_of_up_to_three_words_are_those_of_core() public view {
        uint256 compared;
        for (uint256 i = 0; has(".commit", i); ++i) {
            string memory key = at(".commit", i);
            uint256[] memory words = uintsAt(key, ".words");
            if (words.length > Statement.MAX_WORDS) continue;
            // The vector of three words names more elements than words can hold, which is refused here.
            uint256 got = words.length == 3
                ? _hashOf(key, words)
                : statement.commit(uintAt(key, ".kind"), specAt(key, words.length), words, uintAt(key, ".salt"));
            assertEq(got, uintAt(key, ".digest"), key);
            ++compared;
        }
        assertEq(compared, 5, "1 and 2 words, input and output; 3 words");
    }

    function test_a_commitment_of_three_words_hashes_header_words_and_salt() public view {
        uint256[] memory items = new uint256[](5);
        (items[0], items[1], items[2], items[3], items[4]) = (2 + (20 << 8) + (30 << 16), R - 1, 0, 7, R - 1);
        uint256[] memory words = new uint256[](3);
        (words[0], words[1], words[2]) = (R - 1, 0, 7);
        uint256 expected = statement.hash(items);
        assertEq(statement.commitOutput(spec(30, 20, 3), words, R - 1), expected);
        assertNotEq(statement.commitInput(spec(30, 20, 3), words, R - 1), expected);
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
                    statement.commitInput(spec(uint48(count), 253, uint32(count)), words, 0);
                }
            }
        }
    }

    function test_refuses_every_alias_of_the_salt() public {
        uint256 aliases;
        for (uint256 salt = 1; salt <= type(uint256).max - R; ++aliases) {
            salt += R;
            vm.expectRevert(Statement.StatementSaltRange.selector);
            statement.commitInput(spec(1, 8, 1), new uint256[](1), salt);
            vm.expectRevert(Statement.StatementSaltRange.selector);
            statement.outputSalt(salt);
        }
        assertEq(aliases, 5);
    }

    function testFuzz_another_word_salt_kind_or_spec_is_another_commitment(uint256 word, uint256 salt) public view {
        (word, salt) = (bound(word, 0, R - 2), bound(salt, 0, R - 2));
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        uint256 base = statement.commitInput(spec(4, 8, 1), words, salt);
        assertNotEq(statement.commitOutput(spec(4, 8, 1), words, salt), base);
        assertNotEq(statement.commitInput(spec(5, 8, 1), words, salt), base);
        assertNotEq(statement.commitInput(spec(4, 9, 1), words, salt), base);
        assertNotEq(statement.commitInput(spec(4, 8, 1), words, salt + 1), base);
        words[0] = word + 1;
        assertNotEq(statement.commitInput(spec(4, 8, 1), words, salt), base);
    }

    function test_refuses_another_number_of_words_than_the_models() public {
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 1, 2));
        statement.commitInput(spec(62, 8, 2), new uint256[](1), 0);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementWordCount.selector, 3, 2));
        statement.commitInput(spec(62, 8, 2), new uint256[](3), 0);
        vm.expectRevert(abi.encodeWithSelector(Statement.StatementTooManyWords.selector, 4));
        statement.commitInput(spec(124, 8, 4), new uint256[](4), 0);
    }

    function test_refuses_specifications_that_are_no_tensors() public {
        IModelRegistry.TensorSpec[6] memory specs =
            [spec(0, 0, 0), spec(0, 8, 1), spec(1, 0, 1), spec(1, 254, 1), spec(1, 8, 2), spec(254, 1, 1)];
        for (uint256 i = 0; i < specs.length; ++i) {
            vm.expectRevert(Statement.StatementSpec.selector);
            statement.commitInput(specs[i], new uint256[](specs[i].words), 0);
        }
        statement.commitInput(spec(253, 1, 1), new uint256[](1), 0);
    }

    function test_output_salts_are_those_of_core_and_the_open_one_is_a_constant() public view {
        uint256 i = 0;
        for (; has(".outputSalt", i); ++i) {
            string memory key = at(".outputSalt", i);
            assertEq(statement.outputSalt(uintAt(key, ".inputSalt")), uintAt(key, ".outputSalt"), key);
        }
        assertEq(i, 4);
        uint256[] memory items = new uint256[](2);
        items[1] = 1;
        assertEq(Statement.OPEN_OUTPUT_SALT, statement.hash(items));
    }

    function test_binders_are_those_of_core() public view {
        assertEq(Statement.BINDER_DOMAIN, vm.parseJsonBytes32(json, ".binderDomain"));
        uint256 i = 0;
        for (; has(".binder", i); ++i) {
            string memory key = at(".binder", i);
            uint256 got = Statement.binder(
                uintAt(key, ".chainId"),
                vm.parseJsonAddress(json, string.concat(key, ".coprocessor")),
                vm.parseJsonBytes32(json, string.concat(key, ".requestId")),
                vm.parseJsonBytes32(json, string.concat(key, ".modelId")),
                vm.parseJsonAddress(json, string.concat(key, ".payee"))
            );
            assertEq(got, uintAt(key, ".binder"), key);
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

    /// @dev The commitment of three words without the library.
    function _hashOf(string memory key, uint256[] memory words) private view returns (uint256) {
        uint256[] memory items = new uint256[](5);
        items[0] = uintAt(key, ".kind") + (uintAt(key, ".bits") << 8) + (uintAt(key, ".count") << 16);
        (items[1], items[2], items[3]) = (words[0], words[1], words[2]);
        items[4] = uintAt(key, ".salt");
        return statement.hash(items);
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
}
