// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InferenceConsumer} from "../../contracts/InferenceConsumer.sol";
import {DigitVault} from "../../contracts/examples/DigitVault.sol";
import {IInferenceCoprocessor} from "../../contracts/interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../../contracts/interfaces/IModelRegistry.sol";
import {ConsumerFixture} from "./support/ConsumerFixture.sol";
import {Vm} from "./support/Vm.sol";

contract DigitVaultTest is ConsumerFixture {
    uint256 private constant LENGTH = 3;
    uint256 private constant COST = uint256(MODEL_PRICE) + WORKER_FEE + 100_000 * uint256(GAS_PRICE);
    bytes private constant CODE = hex"040002";
    bytes32 private constant PASSWORD = "open sesame";

    DigitVault private _vault;
    bytes32 private _model;
    uint256 private _vaultId;
    address private _depositor = makeAddr("depositor");
    address private _opener = makeAddr("opener");
    address private _thief = makeAddr("thief");

    function setUp() public override {
        super.setUp();
        _model = registerModel(IModelRegistry.TensorSpec(784, 8, 26), IModelRegistry.TensorSpec(1, 4, 1));
        _vault = new DigitVault(coprocessor, registry, _model);
        deal(_opener, 1 ether);
        deal(_thief, 1 ether);
        bytes32 codeHash = _vault.codeHashOf(CODE, PASSWORD);
        hoax(_depositor, 10 ether);
        _vaultId = _vault.fill{value: 10 ether}(codeHash, uint8(LENGTH), uint64(vm.getBlockTimestamp() + 30 days));
    }

    function test_the_right_digits_in_their_order_open_the_vault() public {
        (uint256 attempt, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        // In any order.
        answer(ids[2], 2);
        answer(ids[0], 4);
        assertEq(_vault.attemptOf(attempt).readCount, 2);
        _expectRefusal(_opener, attempt, abi.encodeWithSelector(DigitVault.DigitsMissing.selector, 2, LENGTH));
        answer(ids[1], 0);
        assertCallback(ids[1], IInferenceCoprocessor.CallbackStatus.Succeeded);
        assertEq(_vault.attemptOf(attempt).digits, CODE);

        uint256 before = _opener.balance;
        vm.prank(_opener);
        _vault.open(attempt, PASSWORD);
        assertEq(_opener.balance, before + 10 ether);
        assertEq(_vault.vaultOf(_vaultId).amount, 0);
        _expectRefusal(_opener, attempt, abi.encodeWithSelector(DigitVault.VaultEmpty.selector, _vaultId));
    }

    function test_the_right_digits_in_another_order_do_not() public {
        (uint256 attempt, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        answer(ids[0], 0);
        answer(ids[1], 4);
        answer(ids[2], 2);
        _expectRefusal(_opener, attempt, abi.encodePacked(DigitVault.WrongCode.selector));
    }

    function testFuzz_no_other_digits_open_it(uint256[3] memory digits) public {
        (uint256 attempt, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        for (uint256 i = 0; i < LENGTH; ++i) {
            answer(ids[i], digits[i] % 10);
        }
        vm.assume(keccak256(_vault.attemptOf(attempt).digits) != keccak256(CODE));
        _expectRefusal(_opener, attempt, abi.encodePacked(DigitVault.WrongCode.selector));
    }

    function test_whoever_copies_the_opening_transaction_gets_nothing() public {
        (uint256 attempt, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        (uint256 thiefs, bytes32[] memory thiefsIds) = _beginAndDrawWith(_thief, 200, "a guess");
        _answerAll(ids);
        _answerAll(thiefsIds);
        _expectRefusal(_thief, attempt, abi.encodeWithSelector(DigitVault.NotTheOpener.selector, _thief));
        _expectRefusal(_thief, thiefs, abi.encodePacked(DigitVault.CommitmentMismatch.selector));
        vm.prank(_opener);
        _vault.open(attempt, PASSWORD);
    }

    function test_drawings_of_another_are_refused() public {
        _beginAndDraw(_opener, 100);
        uint256 copied = _begin(_thief, 100, PASSWORD);
        skip(1);
        vm.prank(_thief);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.DrawnBefore.selector, 100));
        _vault.draw{value: LENGTH * COST}(copied, _drawings(100), _offer());
    }

    function test_drawings_revealed_are_those_committed_to_in_an_earlier_block() public {
        uint256 attempt = _begin(_opener, 100, PASSWORD);
        bytes memory tooSoon = abi.encodeWithSelector(DigitVault.NotToBeDrawn.selector, attempt);
        _expectDrawRefusal(attempt, _drawings(100), LENGTH * COST, tooSoon);
        skip(1);
        bytes memory mismatch = abi.encodePacked(DigitVault.CommitmentMismatch.selector);
        _expectDrawRefusal(attempt, _drawings(101), LENGTH * COST, mismatch);
        bytes memory payment = abi.encodeWithSelector(DigitVault.PaymentMismatch.selector, COST, LENGTH * COST);
        _expectDrawRefusal(attempt, _drawings(100), COST, payment);
        bytes memory count = abi.encodeWithSelector(DigitVault.DrawingCount.selector, 0, LENGTH);
        _expectDrawRefusal(attempt, new DigitVault.Drawing[](0), LENGTH * COST, count);
        vm.prank(_thief);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.NotTheOpener.selector, _thief));
        _vault.draw{value: LENGTH * COST}(attempt, _drawings(100), _offer());
        _draw(_opener, attempt, 100);
        _expectDrawRefusal(attempt, _drawings(100), LENGTH * COST, tooSoon);
    }

    function test_an_answer_counts_for_its_own_attempt_alone() public {
        (uint256 first, bytes32[] memory firstIds) = _beginAndDraw(_opener, 100);
        (uint256 second, bytes32[] memory secondIds) = _beginAndDraw(_opener, 200);
        answer(firstIds[0], 9);
        answer(firstIds[1], 9);
        _answerAll(secondIds);
        // The first attempt's last answer comes late.
        answer(firstIds[2], 9);
        assertEq(_vault.attemptOf(second).digits, CODE);
        _expectRefusal(_opener, first, abi.encodePacked(DigitVault.WrongCode.selector));
        vm.prank(_opener);
        _vault.open(second, PASSWORD);
    }

    function test_a_digit_of_the_openers_choice_is_refused() public {
        (, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        uint256[] memory words = new uint256[](1);
        words[0] = 4;
        vm.prank(_opener);
        vm.expectRevert(abi.encodeWithSelector(InferenceConsumer.NotTheCoprocessor.selector, _opener));
        _vault.onInference(ids[0], _model, 1, words);
        IInferenceCoprocessor.Fulfilment memory another = fulfilmentOf(ids[0], 777, 4);
        vm.expectRevert(abi.encodeWithSelector(IInferenceCoprocessor.InvalidProof.selector, ids[0]));
        coprocessor.fulfill(another);
    }

    function test_readings_that_nobody_gave_are_refunded_to_the_opener() public {
        (, bytes32[] memory ids) = _beginAndDraw(_opener, 100);
        skip(2 days);
        coprocessor.refund(ids[0]);
        assertEq(coprocessor.balanceOf(_opener, address(0)), COST);
    }

    function test_the_depositor_has_the_money_back_in_the_end() public {
        vm.prank(_thief);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.NotTheDepositor.selector, _thief));
        _vault.reclaim(_vaultId);
        uint64 end = _vault.vaultOf(_vaultId).reclaimableAt;
        vm.prank(_depositor);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.ReclaimableLater.selector, end));
        _vault.reclaim(_vaultId);
        vm.warp(end);
        vm.prank(_depositor);
        _vault.reclaim(_vaultId);
        assertEq(_depositor.balance, 10 ether);
        vm.prank(_opener);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.VaultEmpty.selector, _vaultId));
        _vault.begin(_vaultId, 0, 0);
    }

    function test_codes_have_1_to_8_digits_and_models_answer_with_one() public {
        vm.expectRevert(abi.encodeWithSelector(DigitVault.CodeLength.selector, 0));
        _vault.fill(0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(DigitVault.CodeLength.selector, 9));
        _vault.fill(0, 9, 0);
        bytes32 logits = registerModel(IModelRegistry.TensorSpec(784, 8, 26), IModelRegistry.TensorSpec(10, 8, 1));
        vm.expectRevert(DigitVault.ModelShape.selector);
        new DigitVault(coprocessor, registry, logits);
        bytes32 wide = registerModel(IModelRegistry.TensorSpec(784, 8, 26), IModelRegistry.TensorSpec(1, 9, 1));
        vm.expectRevert(DigitVault.ModelShape.selector);
        new DigitVault(coprocessor, registry, wide);
    }

    function _beginAndDraw(address opener, uint256 firstHash) private returns (uint256, bytes32[] memory) {
        return _beginAndDrawWith(opener, firstHash, PASSWORD);
    }

    function _beginAndDrawWith(address opener, uint256 firstHash, bytes32 password)
        private
        returns (uint256 attempt, bytes32[] memory ids)
    {
        attempt = _begin(opener, firstHash, password);
        skip(1);
        ids = _draw(opener, attempt, firstHash);
    }

    function _begin(address opener, uint256 firstHash, bytes32 password) private returns (uint256) {
        uint256[] memory hashes = new uint256[](LENGTH);
        for (uint256 i = 0; i < LENGTH; ++i) {
            hashes[i] = firstHash + i;
        }
        bytes32 drawings = _vault.drawingsCommitmentOf(opener, hashes);
        bytes32 commitment = _vault.passwordCommitmentOf(opener, password);
        vm.prank(opener);
        return _vault.begin(_vaultId, drawings, commitment);
    }

    function _draw(address opener, uint256 attempt, uint256 firstHash) private returns (bytes32[] memory ids) {
        vm.recordLogs();
        vm.prank(opener);
        _vault.draw{value: LENGTH * COST}(attempt, _drawings(firstHash), _offer());
        Vm.Log[] memory logs = vm.getRecordedLogs();
        ids = new bytes32[](LENGTH);
        uint256 found;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == DigitVault.DigitAsked.selector) ids[found++] = logs[i].topics[2];
        }
        assertEq(found, LENGTH);
    }

    function _answerAll(bytes32[] memory ids) private {
        for (uint256 i = 0; i < LENGTH; ++i) {
            answer(ids[i], uint8(CODE[i]));
        }
    }

    function _expectRefusal(address caller, uint256 attempt, bytes memory refusal) private {
        vm.prank(caller);
        vm.expectRevert(refusal);
        _vault.open(attempt, PASSWORD);
    }

    function _expectDrawRefusal(
        uint256 attempt,
        DigitVault.Drawing[] memory drawings,
        uint256 value,
        bytes memory refusal
    ) private {
        vm.prank(_opener);
        vm.expectRevert(refusal);
        _vault.draw{value: value}(attempt, drawings, _offer());
    }

    function _drawings(uint256 firstHash) private pure returns (DigitVault.Drawing[] memory drawings) {
        drawings = new DigitVault.Drawing[](LENGTH);
        for (uint256 i = 0; i < LENGTH; ++i) {
            drawings[i] = DigitVault.Drawing(firstHash + i, "https://example.org/envelope");
        }
    }

    function _offer() private pure returns (DigitVault.Offer memory) {
        return DigitVault.Offer(MODEL_PRICE, WORKER_FEE, GAS_PRICE);
    }
}
