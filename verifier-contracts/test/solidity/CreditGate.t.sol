// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InferenceConsumer} from "../../contracts/InferenceConsumer.sol";
import {CreditGate} from "../../contracts/examples/CreditGate.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {Statement} from "../../contracts/libraries/Statement.sol";
import {ConsumerFixture} from "./support/ConsumerFixture.sol";

contract CreditGateTest is ConsumerFixture {
    uint256 private constant COST = uint256(MODEL_PRICE) + WORKER_FEE + 100_000 * uint256(GAS_PRICE);

    CreditGate private _gate;
    bytes32 private _model;
    address private _attester;
    uint256 private _attesterKey;
    address private _borrower = makeAddr("borrower");
    address private _other = makeAddr("other");
    address private _lender = makeAddr("lender");

    function setUp() public override {
        super.setUp();
        (_attester, _attesterKey) = makeAddrAndKey("attester");
        _model = registerModel(IModelRegistry.TensorSpec(8, 8, 1), IModelRegistry.TensorSpec(1, 2, 1));
        hoax(_lender, 100 ether);
        _gate = new CreditGate{value: 100 ether}(coprocessor, registry, _model, _attester, _limits());
        deal(_borrower, 10 ether);
        deal(_other, 10 ether);
    }

    // The way it is meant.

    function test_a_class_of_the_model_gives_a_limit_within_which_loans_are_paid_out() public {
        bytes32 id = _ask(_attestation(_borrower, 0));
        assertEq(_gate.limitOf(_borrower), 0);
        answer(id, 2);
        assertCallback(id, IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(_gate.limitOf(_borrower), 5 ether);
        uint256 before = _borrower.balance;
        vm.prank(_borrower);
        _gate.borrow(5 ether);
        assertEq(_borrower.balance, before + 5 ether);
        vm.prank(_borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.LoanOpen.selector, 5 ether));
        _gate.borrow(1);
    }

    function test_the_model_is_asked_about_history_and_attestation() public {
        _lendAndRepay(1 days);
        _lendAndRepay(100 days);
        bytes32 id = _ask(_attestation(_borrower, 2));
        uint256[] memory features = new uint256[](8);
        (features[0], features[1], features[2], features[3]) = (1, 1, 3, 0);
        (features[4], features[5], features[6], features[7]) = (10, 20, 30, 40);
        assertEq(coprocessor.request(id).inputHash, _commitmentTo(features));
    }

    function test_loans_are_repaid_as_a_whole_and_late_ones_cost_the_limit() public {
        answer(_ask(_attestation(_borrower, 0)), 1);
        vm.startPrank(_borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.RepaymentMismatch.selector, 0, 0));
        _gate.repay();
        _gate.borrow(1 ether);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.RepaymentMismatch.selector, 2 ether, 1 ether));
        _gate.repay{value: 2 ether}();
        skip(91 days);
        _gate.repay{value: 1 ether}();
        vm.stopPrank();
        assertEq(_gate.accountOf(_borrower).repaidLate, 1);
        assertEq(_gate.accountOf(_borrower).limit, 0);
    }

    function test_a_limit_ends_and_is_not_exceeded() public {
        answer(_ask(_attestation(_borrower, 0)), 1);
        _expectAboveLimit(1 ether + 1, 1 ether);
        _expectAboveLimit(0, 1 ether);
        skip(30 days);
        assertEq(_gate.limitOf(_borrower), 1 ether);
        skip(1);
        _expectAboveLimit(1, 0);
    }

    function test_a_class_without_a_limit_lends_nothing() public {
        answer(_ask(_attestation(_borrower, 0)), 3);
        assertEq(_gate.limitOf(_borrower), 0);
    }

    function test_what_nobody_answers_is_the_borrowers_again() public {
        bytes32 id = _ask(_attestation(_borrower, 0));
        skip(2 days);
        coprocessor.refund(id);
        assertEq(coprocessor.balanceOf(_borrower, address(0)), COST);
    }

    // Features of a borrower's own choice.

    function test_no_request_of_a_borrowers_own_moves_the_gate() public {
        IInferenceCoprocessor.RequestTerms memory terms = _ownTerms();
        IInferenceCoprocessor.InputSource memory input;
        input.words = Statement.pack(IModelRegistry.TensorSpec(8, 8, 1), _bestFeatures());
        vm.prank(_borrower);
        bytes32 id = coprocessor.requestInference{value: COST}(terms, input);
        answer(id, 2);
        assertEq(_gate.limitOf(_borrower), 0);

        uint256[] memory words = new uint256[](1);
        words[0] = 2;
        uint256 outputHash = coprocessor.request(id).outputHash;
        vm.prank(_borrower);
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotTheCoprocessor.selector, _borrower));
        _gate.onInference(id, _model, outputHash, words);
        vm.prank(address(coprocessor));
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotAwaited.selector, id));
        _gate.onInference(id, _model, outputHash, words);
    }

    function test_a_proof_about_features_of_the_borrowers_choice_does_not_answer_the_gates_question() public {
        bytes32 id = _ask(_attestation(_borrower, 0));
        IInferenceCoprocessor.Fulfilment memory item = fulfilmentOf(id, _commitmentTo(_bestFeatures()), 2);
        vm.expectRevert(abi.encodeWithSelector(IInferenceCoprocessor.InvalidProof.selector, id));
        coprocessor.fulfill(item);
        assertEq(_gate.limitOf(_borrower), 0);
    }

    function testFuzz_no_attested_feature_can_be_changed(uint8[4] memory features) public {
        CreditGate.Attestation memory attestation = _attestation(_borrower, 0);
        bytes memory signature = _sign(attestation);
        bytes32 signed = keccak256(abi.encode(attestation));
        (attestation.incomeBand, attestation.assetBand) = (features[0], features[1]);
        (attestation.yearsEmployed, attestation.otherDebtBand) = (features[2], features[3]);
        vm.assume(keccak256(abi.encode(attestation)) != signed);
        _expectRefusal(_borrower, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_a_borrower_cannot_attest() public {
        (address self, uint256 key) = makeAddrAndKey("self");
        deal(self, 1 ether);
        CreditGate.Attestation memory attestation = _attestation(self, 0);
        bytes memory signature = _signWith(key, attestation);
        _expectRefusal(self, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_anothers_attestation_is_refused() public {
        CreditGate.Attestation memory attestation = _attestation(_borrower, 0);
        bytes memory signature = _sign(attestation);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationOfAnother.selector, _borrower);
        _expectRefusal(_other, attestation, signature, refusal);
        attestation.borrower = _other;
        _expectRefusal(_other, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_an_attestation_is_used_once() public {
        CreditGate.Attestation memory attestation = _attestation(_borrower, 0);
        bytes memory signature = _sign(attestation);
        _ask(attestation);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationNonce.selector, 0, 1);
        _expectRefusal(_borrower, attestation, signature, refusal);
        attestation.nonce = 1;
        _expectRefusal(_borrower, attestation, signature, abi.encodePacked(CreditGate.AttestationSignature.selector));
    }

    function test_an_attestation_expires() public {
        CreditGate.Attestation memory attestation = _attestation(_borrower, 0);
        bytes memory signature = _sign(attestation);
        skip(1 hours + 1);
        bytes memory refusal = abi.encodeWithSelector(CreditGate.AttestationExpired.selector, attestation.expiry);
        _expectRefusal(_borrower, attestation, signature, refusal);
        vm.warp(attestation.expiry);
        _ask(attestation);
    }

    function test_an_attestation_for_another_gate_or_chain_is_refused() public {
        CreditGate.Attestation memory attestation = _attestation(_borrower, 0);
        bytes memory signature = _sign(attestation);
        bytes memory refusal = abi.encodePacked(CreditGate.AttestationSignature.selector);
        CreditGate first = _gate;
        _gate = new CreditGate(coprocessor, registry, _model, _attester, _limits());
        _expectRefusal(_borrower, attestation, signature, refusal);
        _gate = first;
        vm.chainId(block.chainid + 1);
        _expectRefusal(_borrower, attestation, signature, refusal);
    }

    // Answers that come too late.

    function test_an_older_answer_does_not_undo_a_newer_one() public {
        bytes32 older = _ask(_attestation(_borrower, 0));
        bytes32 newer = _ask(_attestation(_borrower, 1));
        answer(newer, 0);
        answer(older, 2);
        assertCallback(older, IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(_gate.limitOf(_borrower), 0);
    }

    function test_what_happened_since_the_question_voids_the_answer() public {
        answer(_ask(_attestation(_borrower, 0)), 1);
        bytes32 id = _ask(_attestation(_borrower, 1));
        vm.prank(_borrower);
        _gate.borrow(1 ether);
        vm.expectEmit(address(_gate));
        emit CreditGate.AnswerVoid(_borrower, id);
        answer(id, 2);
        assertEq(_gate.limitOf(_borrower), 1 ether);
    }

    // The lender.

    function test_idle_money_is_the_lenders() public {
        vm.prank(_other);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.NotTheLender.selector, _other));
        _gate.withdrawIdle(payable(_other), 1);
        vm.prank(_lender);
        _gate.withdrawIdle(payable(_lender), 100 ether);
        assertEq(_lender.balance, 100 ether);
    }

    function test_a_gate_needs_a_model_of_its_shape() public {
        bytes32[3] memory models = [
            registerModel(IModelRegistry.TensorSpec(7, 8, 1), IModelRegistry.TensorSpec(1, 2, 1)),
            registerModel(IModelRegistry.TensorSpec(8, 4, 1), IModelRegistry.TensorSpec(1, 2, 1)),
            registerModel(IModelRegistry.TensorSpec(8, 8, 1), IModelRegistry.TensorSpec(2, 2, 1))
        ];
        for (uint256 i = 0; i < models.length; ++i) {
            vm.expectRevert(CreditGate.ModelShape.selector);
            new CreditGate(coprocessor, registry, models[i], _attester, _limits());
        }
    }

    function test_counts_of_the_history_stop_at_the_highest_byte() public {
        for (uint256 i = 0; i < 256; ++i) {
            _lendAndRepay(0);
        }
        assertEq(_gate.accountOf(_borrower).repaidInTime, 255);
        skip(256 * 30 days);
        _ask(_attestation(_borrower, 256));
    }

    function _lendAndRepay(uint256 time) private {
        answer(_ask(_attestation(_borrower, _gate.nonces(_borrower))), 1);
        vm.startPrank(_borrower);
        _gate.borrow(1 ether);
        skip(time);
        _gate.repay{value: 1 ether}();
        vm.stopPrank();
    }

    function _ask(CreditGate.Attestation memory attestation) private returns (bytes32) {
        bytes memory signature = _sign(attestation);
        vm.prank(attestation.borrower);
        return _gate.askForLimit{value: COST}(attestation, signature, _offer());
    }

    function _expectRefusal(
        address caller,
        CreditGate.Attestation memory attestation,
        bytes memory signature,
        bytes memory refusal
    ) private {
        vm.prank(caller);
        vm.expectRevert(refusal);
        _gate.askForLimit{value: COST}(attestation, signature, _offer());
    }

    function _expectAboveLimit(uint128 amount, uint256 limit) private {
        vm.prank(_borrower);
        vm.expectRevert(abi.encodeWithSelector(CreditGate.AboveLimit.selector, amount, limit));
        _gate.borrow(amount);
    }

    function _attestation(address borrower, uint256 nonce) private view returns (CreditGate.Attestation memory) {
        return CreditGate.Attestation(borrower, 10, 20, 30, 40, uint64(vm.getBlockTimestamp() + 1 hours), nonce);
    }

    function _sign(CreditGate.Attestation memory attestation) private view returns (bytes memory) {
        return _signWith(_attesterKey, attestation);
    }

    function _signWith(uint256 key, CreditGate.Attestation memory attestation) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _gate.attestationDigest(attestation));
        return abi.encodePacked(r, s, v);
    }

    function _commitmentTo(uint256[] memory features) private view returns (uint256) {
        IModelRegistry.TensorSpec memory spec = IModelRegistry.TensorSpec(8, 8, 1);
        return Statement.commitInput(coprocessor.POSEIDON(), spec, Statement.pack(spec, features), 0);
    }

    function _ownTerms() private view returns (IInferenceCoprocessor.RequestTerms memory terms) {
        terms.modelId = _model;
        (terms.modelPrice, terms.workerFee) = (MODEL_PRICE, WORKER_FEE);
        terms.deadline = uint64(vm.getBlockTimestamp() + 1 days);
        (terms.callbackGasLimit, terms.callbackGasPrice) = (100_000, GAS_PRICE);
        terms.refundAddress = _borrower;
    }

    function _offer() private pure returns (CreditGate.Offer memory) {
        return CreditGate.Offer(MODEL_PRICE, WORKER_FEE, GAS_PRICE);
    }

    function _bestFeatures() private pure returns (uint256[] memory features) {
        features = new uint256[](8);
        (features[0], features[4], features[5]) = (255, 255, 255);
    }

    function _limits() private pure returns (uint128[] memory limits) {
        limits = new uint128[](3);
        (limits[1], limits[2]) = (1 ether, 5 ether);
    }
}
