// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {InferenceConsumer} from "../InferenceConsumer.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Statement} from "../libraries/Statement.sol";

/// @title Example: loans up to a limit that a scoring model gives
/// @notice A proof says that the model gave this class for these features; it cannot say that the features are true. So no
///   borrower names any: half of them are the repayment history that this contract keeps, the other half are signed by
///   an attester, for one borrower, once, for a short time. The model is pinned: its audit comes before the deployment.
/// @dev An answer counts only while nothing newer is known: a later question, and each change of the borrower's history, voids it.
///   Loans carry no interest and are due in one payment, and each counts the same, so that small ones buy a history: a lender would
///   weigh amounts and time. The example keeps to its point.
contract CreditGate is InferenceConsumer, EIP712 {
    /// @notice What the attester says of a borrower; each feature is an unsigned byte, as the model takes it.
    /// @param nonce The borrower's next one: an attestation is used once.
    struct Attestation {
        address borrower;
        uint8 incomeBand;
        uint8 assetBand;
        uint8 yearsEmployed;
        uint8 otherDebtBand;
        uint64 expiry;
        uint256 nonce;
    }

    /// @notice What the borrower pays a worker for the answer.
    struct Offer {
        uint96 modelPrice;
        uint96 workerFee;
        uint64 callbackGasPrice;
    }

    /// @notice What this contract knows of a borrower.
    /// @param version Counts the changes of the history and the questions asked.
    struct Account {
        uint8 repaidInTime;
        uint8 repaidLate;
        uint40 firstLoanAt;
        uint40 dueAt;
        uint128 owed;
        uint128 limit;
        uint40 limitExpiry;
        uint64 version;
    }

    struct Question {
        address borrower;
        uint40 askedAt;
        uint64 version;
    }

    /// @notice Features of the model: 4 from the history, 4 from the attestation, one byte each.
    uint256 public constant FEATURES = 8;
    /// @notice Seconds from question to the end of the limit that it gave.
    uint256 public constant LIMIT_VALIDITY = 30 days;
    /// @notice Seconds until a loan is due.
    uint256 public constant LOAN_TERM = 90 days;
    /// @notice Seconds in which a question is answered or refunded.
    uint256 public constant ANSWER_TIME = 1 days;
    /// @notice Enough for `_onInference`: two words read, three written.
    uint32 public constant CALLBACK_GAS = 100_000;

    bytes32 private constant ATTESTATION_TYPE = keccak256(
        "Attestation(address borrower,uint8 incomeBand,uint8 assetBand,uint8 yearsEmployed,uint8 otherDebtBand,uint64 expiry,uint256 nonce)"
    );
    uint256 private constant BYTE_BITS = 8;
    uint256 private constant HISTORY_MONTH = 30 days;

    /// @notice The only model whose answers count.
    bytes32 public immutable MODEL_ID;
    /// @notice Who signs attestations; may be a contract (ERC-1271).
    address public immutable ATTESTER;
    /// @notice Whose money is lent.
    address public immutable LENDER;

    IModelRegistry.TensorSpec private _inputSpec;
    IModelRegistry.TensorSpec private _outputSpec;
    /// @notice The limit that a class of the model's stands for.
    uint128[] public limits;
    mapping(address borrower => uint256) public nonces;
    mapping(address borrower => Account) private _accounts;
    mapping(bytes32 requestId => Question) private _questions;

    event LimitAsked(address indexed borrower, bytes32 indexed requestId);
    event LimitSet(address indexed borrower, uint256 limit, uint256 expiry);
    /// @notice The answer came too late to count.
    event AnswerVoid(address indexed borrower, bytes32 indexed requestId);
    event Borrowed(address indexed borrower, uint256 amount, uint256 dueAt);
    event Repaid(address indexed borrower, uint256 amount, bool inTime);

    /// @notice The model does not take 8 bytes, or does not answer with one class.
    error ModelShape();
    error AttestationOfAnother(address borrower);
    error AttestationExpired(uint256 expiry);
    error AttestationNonce(uint256 got, uint256 expected);
    error AttestationSignature();
    error LoanOpen(uint256 owed);
    error AboveLimit(uint256 amount, uint256 limit);
    error RepaymentMismatch(uint256 got, uint256 owed);
    error NotTheLender(address caller);

    /// @param classLimits The limit, in the chain's currency, of each class of the model's, in its order.
    constructor(
        IInferenceCoprocessor coprocessor,
        IModelRegistry registry,
        bytes32 modelId,
        address attester,
        uint128[] memory classLimits
    ) payable InferenceConsumer(coprocessor) EIP712("zkinfer CreditGate", "1") {
        (,, _inputSpec, _outputSpec) = registry.verificationTerms(modelId);
        bool eightBytes = _inputSpec.count == FEATURES && _inputSpec.bits == BYTE_BITS && _inputSpec.words == 1;
        if (!eightBytes || _outputSpec.count != 1) revert ModelShape();
        MODEL_ID = modelId;
        ATTESTER = attester;
        LENDER = msg.sender;
        limits = classLimits;
    }

    /// @notice Asks the model for the caller's limit. What is not used comes to the caller's balance at the coprocessor.
    /// @param signature The attester's, over the attestation (EIP-712).
    function askForLimit(Attestation calldata attestation, bytes calldata signature, Offer calldata offer)
        external
        payable
        returns (bytes32 requestId)
    {
        _useAttestation(attestation, signature);
        Account storage account = _accounts[msg.sender];
        uint64 version = ++account.version;
        IInferenceCoprocessor.InputSource memory input;
        input.words = Statement.pack(_inputSpec, _features(account, attestation));
        requestId = _request(_terms(offer, attestation.nonce), input, msg.value);
        _questions[requestId] = Question(msg.sender, uint40(block.timestamp), version);
        emit LimitAsked(msg.sender, requestId);
    }

    /// @notice Lends the caller an amount within the limit, one loan at a time.
    function borrow(uint128 amount) external {
        Account storage account = _accounts[msg.sender];
        uint256 limit = limitOf(msg.sender);
        if (account.owed != 0) revert LoanOpen(account.owed);
        if (amount == 0 || amount > limit) revert AboveLimit(amount, limit);
        if (account.firstLoanAt == 0) account.firstLoanAt = uint40(block.timestamp);
        account.owed = amount;
        account.dueAt = uint40(block.timestamp + LOAN_TERM);
        ++account.version;
        emit Borrowed(msg.sender, amount, account.dueAt);
        Address.sendValue(payable(msg.sender), amount);
    }

    /// @notice Pays the caller's loan back as a whole. Late, it costs the limit too.
    function repay() external payable {
        Account storage account = _accounts[msg.sender];
        if (msg.value == 0 || msg.value != account.owed) revert RepaymentMismatch(msg.value, account.owed);
        bool inTime = block.timestamp <= account.dueAt;
        if (inTime) {
            account.repaidInTime = _increased(account.repaidInTime);
        } else {
            account.repaidLate = _increased(account.repaidLate);
            account.limit = 0;
        }
        account.owed = 0;
        ++account.version;
        emit Repaid(msg.sender, msg.value, inTime);
    }

    /// @notice Takes money out that is not lent.
    function withdrawIdle(address payable to, uint256 amount) external {
        if (msg.sender != LENDER) revert NotTheLender(msg.sender);
        Address.sendValue(to, amount);
    }

    /// @notice What a borrower may borrow now, if no loan is open.
    function limitOf(address borrower) public view returns (uint256) {
        Account storage account = _accounts[borrower];
        return block.timestamp <= account.limitExpiry ? account.limit : 0;
    }

    /// @notice The digest that the attester signs.
    function attestationDigest(Attestation calldata attestation) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPE, attestation)));
    }

    /// @notice What is known of a borrower.
    function accountOf(address borrower) external view returns (Account memory) {
        return _accounts[borrower];
    }

    /// @dev A class without a limit lends nothing.
    function _onInference(bytes32 requestId, bytes32, uint256, uint256[] calldata outputWords) internal override {
        Question memory question = _questions[requestId];
        delete _questions[requestId];
        Account storage account = _accounts[question.borrower];
        if (question.version != account.version) {
            emit AnswerVoid(question.borrower, requestId);
            return;
        }
        uint256 class = Statement.elementOf(_outputSpec, outputWords, 0);
        account.limit = class < limits.length ? limits[class] : 0;
        account.limitExpiry = uint40(question.askedAt + LIMIT_VALIDITY);
        emit LimitSet(question.borrower, account.limit, account.limitExpiry);
    }

    function _useAttestation(Attestation calldata attestation, bytes calldata signature) private {
        if (attestation.borrower != msg.sender) revert AttestationOfAnother(attestation.borrower);
        if (block.timestamp > attestation.expiry) revert AttestationExpired(attestation.expiry);
        uint256 expected = nonces[msg.sender]++;
        if (attestation.nonce != expected) revert AttestationNonce(attestation.nonce, expected);
        if (!SignatureChecker.isValidSignatureNow(ATTESTER, attestationDigest(attestation), signature)) {
            revert AttestationSignature();
        }
    }

    /// @dev The model's input, in its order. Counts stop at the highest byte.
    function _features(Account storage account, Attestation calldata attestation)
        private
        view
        returns (uint256[] memory features)
    {
        features = new uint256[](FEATURES);
        features[0] = account.repaidInTime;
        features[1] = account.repaidLate;
        features[2] = account.firstLoanAt == 0 ? 0 : (block.timestamp - account.firstLoanAt) / HISTORY_MONTH;
        if (features[2] > type(uint8).max) features[2] = type(uint8).max;
        features[3] = account.owed == 0 ? 0 : 1;
        features[4] = attestation.incomeBand;
        features[5] = attestation.assetBand;
        features[6] = attestation.yearsEmployed;
        features[7] = attestation.otherDebtBand;
    }

    /// @dev The nonce is the borrower's, and so is the money: equal questions of two borrowers differ in the refund address.
    function _terms(Offer calldata offer, uint256 nonce)
        private
        view
        returns (IInferenceCoprocessor.RequestTerms memory terms)
    {
        terms.modelId = MODEL_ID;
        terms.modelPrice = offer.modelPrice;
        terms.workerFee = offer.workerFee;
        terms.deadline = uint64(block.timestamp + ANSWER_TIME);
        terms.delivery = IInferenceCoprocessor.Delivery.Values;
        terms.callbackGasLimit = CALLBACK_GAS;
        terms.callbackGasPrice = offer.callbackGasPrice;
        terms.refundAddress = msg.sender;
        terms.nonce = nonce;
    }

    function _increased(uint8 count) private pure returns (uint8) {
        return count == type(uint8).max ? count : count + 1;
    }
}
