// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {InferenceConsumer} from "../../contracts/InferenceConsumer.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {ConsumerFixture} from "./support/ConsumerFixture.sol";

contract ProbeConsumer is InferenceConsumer {
    bytes32 public lastRequest;
    bytes32 public lastModel;
    uint256 public lastHash;
    uint256[] public lastWords;
    uint256 public answers;
    bool public stubborn;

    error Stubborn();

    constructor(IInferenceCoprocessor coprocessor) InferenceConsumer(coprocessor) {}

    function ask(IInferenceCoprocessor.RequestTerms calldata terms, IInferenceCoprocessor.InputSource calldata input)
        external
        payable
        returns (bytes32)
    {
        return _request(terms, input, msg.value);
    }

    function setStubborn(bool to) external {
        stubborn = to;
    }

    function forget(bytes32 requestId) external {
        _forget(requestId);
    }

    function awaits(bytes32 requestId) external view returns (bool) {
        return _awaits(requestId);
    }

    function withdraw(address token, address to) external returns (uint256) {
        return _withdraw(token, to);
    }

    function _onInference(bytes32 requestId, bytes32 modelId, uint256 outputHash, uint256[] calldata words)
        internal
        override
    {
        if (stubborn) revert Stubborn();
        (lastRequest, lastModel, lastHash, lastWords) = (requestId, modelId, outputHash, words);
        ++answers;
    }
}

contract PlainToken is ERC20("Plain", "PLAIN") {
    constructor(address to) {
        _mint(to, 1 ether);
    }
}

contract InferenceConsumerTest is ConsumerFixture {
    uint32 private constant CALLBACK_GAS = 200_000;
    uint256 private constant COST = uint256(MODEL_PRICE) + WORKER_FEE + uint256(CALLBACK_GAS) * GAS_PRICE;

    ProbeConsumer private _consumer;
    bytes32 private _model;

    function setUp() public override {
        super.setUp();
        _consumer = new ProbeConsumer(coprocessor);
        _model = registerModel(IModelRegistry.TensorSpec(4, 8, 1), IModelRegistry.TensorSpec(2, 8, 1));
    }

    function test_an_answer_reaches_the_hook_as_the_coprocessor_gave_it() public {
        bytes32 id = _ask(1);
        assertTrue(_consumer.awaits(id));
        answer(id, 0x0203);
        assertEq(_consumer.lastRequest(), id);
        assertEq(_consumer.lastModel(), _model);
        assertEq(_consumer.lastHash(), coprocessor.request(id).outputHash);
        assertEq(_consumer.lastWords(0), 0x0203);
        assertEq(_consumer.answers(), 1);
        assertFalse(_consumer.awaits(id));
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Succeeded);
    }

    function test_nobody_but_the_coprocessor_answers() public {
        bytes32 id = _ask(1);
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotTheCoprocessor.selector, address(this)));
        _consumer.onInference(id, _model, 1, new uint256[](1));
    }

    function test_answers_to_others_requests_are_refused() public {
        ProbeConsumer other = new ProbeConsumer(coprocessor);
        bytes32 id = other.ask{value: COST}(_terms(1), _input());
        _expectNotAwaited(id);
    }

    function test_a_request_is_answered_once() public {
        bytes32 id = _ask(1);
        answer(id, 1);
        _expectNotAwaited(id);
    }

    function test_an_answer_that_the_hook_refused_is_retried_until_it_is_taken() public {
        bytes32 id = _ask(1);
        _consumer.setStubborn(true);
        answer(id, 1);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Failed);
        assertTrue(_consumer.awaits(id));
        coprocessor.retryCallback(id);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Failed);
        _consumer.setStubborn(false);
        coprocessor.retryCallback(id);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(_consumer.answers(), 1);
    }

    function test_the_answer_to_a_forgotten_request_is_refused_and_the_worker_is_paid() public {
        bytes32 id = _ask(1);
        _consumer.forget(id);
        answer(id, 1);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Failed);
        assertEq(_consumer.answers(), 0);
        assertGe(coprocessor.balanceOf(worker, address(0)), WORKER_FEE);
    }

    function test_answers_come_in_any_order() public {
        bytes32 first = _ask(1);
        bytes32 second = _ask(2);
        answer(second, 2);
        assertEq(_consumer.lastRequest(), second);
        answer(first, 1);
        assertEq(_consumer.lastRequest(), first);
        assertEq(_consumer.answers(), 2);
    }

    function test_a_refund_of_the_consumers_can_be_withdrawn_without_receiving_currency() public {
        bytes32 id = _ask(1);
        skip(2 days);
        coprocessor.refund(id);
        address to = makeAddr("to");
        assertEq(_consumer.withdraw(address(0), to), COST);
        assertEq(to.balance, COST);
        assertTrue(_consumer.awaits(id), "no answer can come any more");
    }

    function test_a_token_is_paid_out_of_the_consumers_balance_with_an_exact_allowance() public {
        PlainToken token = new PlainToken(address(_consumer));
        _model = registerModel(IModelRegistry.TensorSpec(8, 8, 1), IModelRegistry.TensorSpec(2, 8, 1), address(token));
        IInferenceCoprocessor.RequestTerms memory terms = _terms(1);
        terms.token = address(token);
        bytes32 id = _consumer.ask{value: uint256(CALLBACK_GAS) * GAS_PRICE}(terms, _input());
        assertEq(token.balanceOf(address(coprocessor)), MODEL_PRICE + WORKER_FEE);
        assertEq(token.allowance(address(_consumer), address(coprocessor)), 0);
        answer(id, 1);
        assertEq(coprocessor.balanceOf(worker, address(token)), WORKER_FEE);
    }

    function test_a_consumer_needs_a_coprocessor() public {
        vm.expectRevert(InferenceConsumer.NoCoprocessor.selector);
        new ProbeConsumer(IInferenceCoprocessor(makeAddr("nobody")));
    }

    function _ask(uint256 nonce) private returns (bytes32) {
        return _consumer.ask{value: COST}(_terms(nonce), _input());
    }

    function _expectNotAwaited(bytes32 id) private {
        vm.prank(address(coprocessor));
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotAwaited.selector, id));
        _consumer.onInference(id, _model, 1, new uint256[](1));
    }

    function _terms(uint256 nonce) private view returns (IInferenceCoprocessor.RequestTerms memory terms) {
        terms.modelId = _model;
        (terms.modelPrice, terms.workerFee) = (MODEL_PRICE, WORKER_FEE);
        terms.deadline = uint64(vm.getBlockTimestamp() + 1 days);
        (terms.callbackGasLimit, terms.callbackGasPrice) = (CALLBACK_GAS, GAS_PRICE);
        terms.refundAddress = address(_consumer);
        terms.nonce = nonce;
    }

    function _input() private pure returns (IInferenceCoprocessor.InputSource memory input) {
        input.words = new uint256[](1);
    }
}
