// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor as I} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {CoprocessorFixture} from "./support/CoprocessorFixture.sol";

/// @notice What the coprocessor's functions cost, without a transaction's 21,000 and its calldata. Exact figures are in the snapshot.
contract InferenceCoprocessorGasTest is CoprocessorFixture {
    function test_gas_of_a_request_with_two_words() public {
        requestSmall();
        _snapshot("requestInference, 2 words committed on chain");
    }

    function test_gas_of_a_request_by_hash() public {
        request(termsOf(wideModel));
        _snapshot("requestInference, by hash");
    }

    function test_gas_of_a_request_in_tokens_with_a_callback() public {
        request(withCallback(inTokens(termsOf(smallModel)), 100_000, 1 gwei));
        _snapshot("requestInference, 2 words, tokens, callback");
    }

    function test_gas_of_a_first_fulfilment() public {
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        _cool();
        coprocessor.fulfill(item);
        _snapshot("fulfill, 1 word, first of its payee and owner");
    }

    function test_gas_of_a_further_fulfilment() public {
        fulfill(requestSmall());
        I.Fulfilment memory item = fulfilmentOf(requestSmall());
        _cool();
        coprocessor.fulfill(item);
        _snapshot("fulfill, 1 word");
    }

    function test_gas_of_a_commitments_fulfilment() public {
        fulfill(requestSmall());
        I.Fulfilment memory item = fulfilmentOf(request(termsOf(wideModel)));
        _cool();
        coprocessor.fulfill(item);
        _snapshot("fulfill, commitment");
    }

    function test_gas_of_a_batch() public {
        fulfill(requestSmall());
        I.Fulfilment[] memory items = new I.Fulfilment[](16);
        for (uint256 i = 0; i < 16; ++i) {
            items[i] = fulfilmentOf(requestSmall());
        }
        _cool();
        assertEq(coprocessor.fulfillBatch(items), 16);
        _snapshot("fulfillBatch, 16 items of 1 word");
    }

    function test_gas_of_a_refund() public {
        bytes32 requestId = requestSmall();
        skip(2 days);
        _cool();
        coprocessor.refund(requestId);
        _snapshot("refund, with a sequencer feed");
    }

    function test_gas_of_a_withdrawal() public {
        fulfill(requestSmall());
        vm.deal(worker, 1);
        _cool();
        vm.prank(worker);
        coprocessor.withdraw(CURRENCY, worker);
        _snapshot("withdraw, the chain's currency");
    }

    /// @dev Each contract is met for the first time in its transaction.
    function _cool() private {
        vm.cool(address(coprocessor));
        vm.cool(address(registry));
        vm.cool(address(verifier));
        vm.cool(address(poseidon));
        vm.cool(verifier.keyPointer(prover.keyHash()));
    }

    function _snapshot(string memory name) private {
        vm.snapshotGasLastCall("inference-coprocessor", name);
    }
}
