// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {InferenceConsumer} from "../InferenceConsumer.sol";
import {IInferenceCoprocessor} from "../interfaces/IInferenceCoprocessor.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Statement} from "../libraries/Statement.sol";

/// @title Example: a vault that opens on handwritten digits
/// @notice Whoever knows a vault's code draws its digits; the model reads each drawing; the vault opens when the digits read, in
///   their order, are the code. It shows how answers are bound to a person, an attempt and a place in a sequence. It is no
///   safe: anyone can draw a digit, so all that is secret is the code, and digits become public as they are read. That
///   is why a code is hashed with a password, and why an attempt commits to the password before anything is read:
///     1. `begin` commits to drawings and password under the opener's address; others learn nothing.
///     2. `draw`  reveals the commitments to the drawings and has the model read them. A drawing is read once: nobody
///        opens a vault with another's.
///     3. `open`  reveals the password. Whoever copies this transaction has no attempt that began with the password.
/// @dev Answers come in any order, and late: each is filed under its attempt and place. What is not used of the fees comes to the
///   opener's balance at the coprocessor; a drawing that nobody reads is drawn again in another attempt.
contract DigitVault is InferenceConsumer {
    /// @param codeHash See `codeHashOf`.
    /// @param length Digits of the code.
    /// @param reclaimableAt Timestamp from which on the depositor can have the money back.
    struct Vault {
        bytes32 codeHash;
        address depositor;
        uint8 length;
        uint64 reclaimableAt;
        uint256 amount;
    }

    /// @param readCount Number of digits read so far.
    /// @param digits A byte each, at its place; empty until the drawings are revealed.
    struct Attempt {
        uint256 vaultId;
        address opener;
        uint40 begunAt;
        uint8 readCount;
        bytes32 drawingsCommitment;
        bytes32 passwordCommitment;
        bytes digits;
    }

    /// @notice A commitment to a drawing, under the opener's salt, and where workers find the envelope that opens it.
    struct Drawing {
        uint256 inputHash;
        string uri;
    }

    /// @notice What the opener pays for each reading.
    struct Offer {
        uint96 modelPrice;
        uint96 workerFee;
        uint64 callbackGasPrice;
    }

    struct Place {
        uint248 attemptId;
        uint8 index;
    }

    /// @notice Most digits of a code.
    uint256 public constant MAX_LENGTH = 8;
    /// @notice Seconds in which a drawing is read or its fee refunded.
    uint256 public constant READING_TIME = 1 days;
    /// @notice Enough for `_onInference`: a digit among others, a count, an event.
    uint32 public constant CALLBACK_GAS = 100_000;

    /// @dev A digit is kept in a byte.
    uint256 private constant MAX_DIGIT_BITS = 8;

    /// @notice The only model that reads here; it answers with the digit.
    bytes32 public immutable MODEL_ID;

    IModelRegistry.TensorSpec private _outputSpec;
    Vault[] private _vaults;
    Attempt[] private _attempts;
    mapping(uint256 inputHash => bool) private _drawn;
    mapping(bytes32 requestId => Place) private _places;

    event VaultFilled(uint256 indexed vaultId, address indexed depositor, uint256 amount);
    event AttemptBegun(uint256 indexed attemptId, uint256 indexed vaultId, address indexed opener);
    event DigitAsked(uint256 indexed attemptId, uint256 index, bytes32 indexed requestId);
    event DigitRead(uint256 indexed attemptId, uint256 index, uint256 digit);
    event VaultEmptied(uint256 indexed vaultId, address indexed to, uint256 amount);

    /// @notice The model does not answer with one element of at most 8 bits.
    error ModelShape();
    error CodeLength(uint256 length);
    error NotTheDepositor(address caller);
    error NotTheOpener(address caller);
    error ReclaimableLater(uint256 timestamp);
    error VaultEmpty(uint256 vaultId);
    /// @notice Drawings can be revealed once, and not in the block in which the attempt began.
    error NotToBeDrawn(uint256 attemptId);
    error DrawingCount(uint256 got, uint256 expected);
    error DrawnBefore(uint256 inputHash);
    /// @notice The attempt did not begin with these drawings, or this password.
    error CommitmentMismatch();
    error PaymentMismatch(uint256 got, uint256 expected);
    error DigitsMissing(uint256 read, uint256 expected);
    error WrongCode();

    constructor(IInferenceCoprocessor coprocessor, IModelRegistry registry, bytes32 modelId)
        InferenceConsumer(coprocessor)
    {
        (,,, _outputSpec) = registry.verificationTerms(modelId);
        if (_outputSpec.count != 1 || _outputSpec.bits > MAX_DIGIT_BITS) revert ModelShape();
        MODEL_ID = modelId;
    }

    /// @notice Puts money into a new vault.
    function fill(bytes32 codeHash, uint8 length, uint64 reclaimableAt) external payable returns (uint256 vaultId) {
        if (length == 0 || length > MAX_LENGTH) revert CodeLength(length);
        vaultId = _vaults.length;
        _vaults.push(Vault(codeHash, msg.sender, length, reclaimableAt, msg.value));
        emit VaultFilled(vaultId, msg.sender, msg.value);
    }

    /// @notice Gives the depositor the money back, if nobody had it by then.
    function reclaim(uint256 vaultId) external {
        Vault storage vault = _vaults[vaultId];
        if (msg.sender != vault.depositor) revert NotTheDepositor(msg.sender);
        if (block.timestamp < vault.reclaimableAt) revert ReclaimableLater(vault.reclaimableAt);
        _empty(vaultId);
    }

    /// @notice Step 1 of opening a vault.
    /// @param drawingsCommitment See `drawingsCommitmentOf`.
    /// @param passwordCommitment See `passwordCommitmentOf`.
    function begin(uint256 vaultId, bytes32 drawingsCommitment, bytes32 passwordCommitment)
        external
        returns (uint256 attemptId)
    {
        if (_vaults[vaultId].amount == 0) revert VaultEmpty(vaultId);
        attemptId = _attempts.length;
        Attempt storage attempt = _attempts.push();
        (attempt.vaultId, attempt.opener, attempt.begunAt) = (vaultId, msg.sender, uint40(block.timestamp));
        (attempt.drawingsCommitment, attempt.passwordCommitment) = (drawingsCommitment, passwordCommitment);
        emit AttemptBegun(attemptId, vaultId, msg.sender);
    }

    /// @notice Step 2: has the drawings read. Costs price, fee and callback gas of each.
    function draw(uint256 attemptId, Drawing[] calldata drawings, Offer calldata offer) external payable {
        Attempt storage attempt = _attemptOfCaller(attemptId);
        if (attempt.digits.length != 0 || block.timestamp <= attempt.begunAt) revert NotToBeDrawn(attemptId);
        uint256 length = _vaults[attempt.vaultId].length;
        if (drawings.length != length) revert DrawingCount(drawings.length, length);
        uint256 cost = uint256(offer.modelPrice) + offer.workerFee + uint256(CALLBACK_GAS) * offer.callbackGasPrice;
        if (msg.value != cost * length) revert PaymentMismatch(msg.value, cost * length);

        attempt.digits = new bytes(length);
        uint256[] memory inputHashes = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            inputHashes[i] = drawings[i].inputHash;
            _ask(attemptId, i, drawings[i], offer, cost);
        }
        if (drawingsCommitmentOf(msg.sender, inputHashes) != attempt.drawingsCommitment) revert CommitmentMismatch();
    }

    /// @notice Step 3: gives the caller what the vault holds, if digits and password are its code.
    function open(uint256 attemptId, bytes32 password) external {
        Attempt storage attempt = _attemptOfCaller(attemptId);
        Vault storage vault = _vaults[attempt.vaultId];
        if (attempt.readCount != vault.length) revert DigitsMissing(attempt.readCount, vault.length);
        if (passwordCommitmentOf(msg.sender, password) != attempt.passwordCommitment) revert CommitmentMismatch();
        if (codeHashOf(attempt.digits, password) != vault.codeHash) revert WrongCode();
        _empty(attempt.vaultId);
    }

    function vaultOf(uint256 vaultId) external view returns (Vault memory) {
        return _vaults[vaultId];
    }

    function attemptOf(uint256 attemptId) external view returns (Attempt memory) {
        return _attempts[attemptId];
    }

    /// @notice What a vault is filled with: digits as bytes 0 to 9, and a password that nobody can guess.
    function codeHashOf(bytes memory digits, bytes32 password) public pure returns (bytes32) {
        return keccak256(abi.encode(digits, password));
    }

    /// @notice What an attempt begins with.
    function drawingsCommitmentOf(address opener, uint256[] memory inputHashes) public pure returns (bytes32) {
        return keccak256(abi.encode(opener, inputHashes));
    }

    /// @notice What an attempt begins with.
    function passwordCommitmentOf(address opener, bytes32 password) public pure returns (bytes32) {
        return keccak256(abi.encode(opener, password));
    }

    function _onInference(bytes32 requestId, bytes32, uint256, uint256[] calldata outputWords) internal override {
        Place memory place = _places[requestId];
        Attempt storage attempt = _attempts[place.attemptId];
        uint256 digit = Statement.elementOf(_outputSpec, outputWords, 0);
        attempt.digits[place.index] = bytes1(uint8(digit));
        ++attempt.readCount;
        emit DigitRead(place.attemptId, place.index, digit);
    }

    function _ask(uint256 attemptId, uint256 index, Drawing calldata drawing, Offer calldata offer, uint256 cost)
        private
    {
        if (_drawn[drawing.inputHash]) revert DrawnBefore(drawing.inputHash);
        _drawn[drawing.inputHash] = true;
        IInferenceCoprocessor.RequestTerms memory terms;
        terms.modelId = MODEL_ID;
        terms.inputHash = drawing.inputHash;
        (terms.modelPrice, terms.workerFee) = (offer.modelPrice, offer.workerFee);
        terms.deadline = uint64(block.timestamp + READING_TIME);
        terms.delivery = IInferenceCoprocessor.Delivery.Values;
        (terms.callbackGasLimit, terms.callbackGasPrice) = (CALLBACK_GAS, offer.callbackGasPrice);
        terms.refundAddress = msg.sender;
        IInferenceCoprocessor.InputSource memory input;
        input.uri = drawing.uri;
        bytes32 requestId = _request(terms, input, cost);
        _places[requestId] = Place(uint248(attemptId), uint8(index));
        emit DigitAsked(attemptId, index, requestId);
    }

    function _empty(uint256 vaultId) private {
        uint256 amount = _vaults[vaultId].amount;
        if (amount == 0) revert VaultEmpty(vaultId);
        _vaults[vaultId].amount = 0;
        emit VaultEmptied(vaultId, msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    function _attemptOfCaller(uint256 attemptId) private view returns (Attempt storage attempt) {
        attempt = _attempts[attemptId];
        if (msg.sender != attempt.opener) revert NotTheOpener(msg.sender);
    }
}
