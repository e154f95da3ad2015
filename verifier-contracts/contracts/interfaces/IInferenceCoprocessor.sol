// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedRoles} from "./IGuardedRoles.sol";

/// @title Escrow, proof checking, payout, callback and refund of inference requests
/// @notice Every public signal of a proof is derived here: outputHash and inputHash from what is escrowed and delivered, the binder
///   from chain, coprocessor, request, model and payee. So a proof pays the payee it names, whoever submits it.
/// @dev During a callback its target may request and withdraw; fulfilments, retries and refunds revert with Reentered.
interface IInferenceCoprocessor is IGuardedRoles {
    /// @notice How the output arrives. Values: up to 3 packed words, checked against outputHash. Commitment: outputHash alone.
    enum Delivery {
        Values,
        Commitment
    }

    enum RequestStatus {
        None,
        Open,
        Fulfilled,
        Refunded
    }

    /// @notice None: no callback was asked for, or the request is not fulfilled. Running: it is being called.
    enum CallbackStatus {
        None,
        Running,
        Succeeded,
        Failed
    }

    /// @notice Why an item of a batch was left out.
    enum SkipReason {
        Unknown,
        Done,
        Late,
        ModelInactive,
        OutputMismatch,
        InvalidProof,
        NoPayee
    }

    /// @notice Everything that the requester fixes; the requestId is a hash over all of it.
    /// @param modelId Of the registry.
    /// @param inputHash Commitment to the input; zero with inline words that are committed to on chain.
    /// @param token In which price and fee are paid; the zero address is the chain's own currency.
    /// @param modelPrice The registry's price in force, else the request is refused.
    /// @param workerFee What the payee named by the proof earns.
    /// @param deadline Last timestamp of fulfilment, before extensions by sequencer outages.
    /// @param delivery How the output arrives.
    /// @param callbackGasLimit Gas given to the requester's onInference; zero: no callback.
    /// @param callbackGasPrice Wei repaid to the payee per gas that the callback used, at most; escrowed in the chain's currency
    ///   for the whole limit, and what is not used goes to the refund address.
    /// @param refundAddress Whose balance gets refunds.
    /// @param nonce Tells equal requests of one requester apart.
    struct RequestTerms {
        bytes32 modelId;
        uint256 inputHash;
        address token;
        uint96 modelPrice;
        uint96 workerFee;
        uint64 deadline;
        Delivery delivery;
        uint32 callbackGasLimit;
        uint64 callbackGasPrice;
        address refundAddress;
        uint256 nonce;
    }

    /// @notice Where the input is: inline packed words under salt 0, or a URI of an envelope that opens inputHash.
    struct InputSource {
        uint256[] words;
        string uri;
    }

    /// @notice What a worker delivers for one request.
    /// @param outputWords The packed output (Values), else empty.
    /// @param outputSalt Salt of the output's commitment (Values), else zero.
    struct Fulfilment {
        bytes32 requestId;
        uint256[8] proof;
        address payee;
        uint256 outputHash;
        uint256[] outputWords;
        uint256 outputSalt;
    }

    /// @notice A request as stored; the order of the fields packs them into eight words.
    /// @param deliveredWords Number of output words (fulfilled with delivery Values), else 0.
    struct Request {
        RequestStatus status;
        CallbackStatus callbackStatus;
        Delivery delivery;
        address requester;
        uint64 createdAt;
        address refundAddress;
        uint96 workerFee;
        address token;
        uint96 modelPrice;
        uint64 deadline;
        uint64 fulfilledAt;
        uint64 callbackGasPrice;
        uint32 callbackGasLimit;
        uint8 deliveredWords;
        bytes32 modelId;
        uint256 inputHash;
        uint256 outputHash;
        address payee;
    }

    event InferenceRequested(
        bytes32 indexed requestId,
        address indexed requester,
        bytes32 indexed modelId,
        RequestTerms terms,
        uint256[] inputWords,
        string inputUri
    );
    event InferenceFulfilled(
        bytes32 indexed requestId,
        address indexed payee,
        bytes32 indexed modelId,
        uint256 outputHash,
        uint256[] outputWords,
        address submitter
    );
    /// @notice Says something about a batch's item, nothing about the request: anybody can bring a wrong proof.
    event FulfilmentSkipped(bytes32 indexed requestId, SkipReason reason);
    event CallbackSucceeded(bytes32 indexed requestId, uint256 gasUsed);
    /// @notice `reason` is the first 128 bytes, at most, of what the callback reverted with.
    event CallbackFailed(bytes32 indexed requestId, uint256 gasUsed, bytes reason);
    event RequestRefunded(bytes32 indexed requestId, address indexed refundAddress, address caller);
    event BalanceCredited(address indexed account, address indexed token, uint256 amount, bytes32 indexed requestId);
    event Withdrawn(address indexed account, address indexed token, address to, uint256 amount);
    event RequestsFrozen(bool frozen, address indexed by);

    error RequestUnknown(bytes32 requestId);
    error RequestExists(bytes32 requestId);
    error RequestNotOpen(bytes32 requestId, RequestStatus status);
    error RequestsAreFrozen();
    error ModelNotActive(bytes32 modelId);
    error ModelPriceChanged(uint256 got, uint256 current);
    /// @notice The deadline is not after now, or further away than MAX_DURATION.
    error DeadlineRange(uint64 deadline);
    /// @notice Now is after the request's effective deadline.
    error DeadlinePassed(bytes32 requestId, uint256 effectiveDeadline);
    /// @notice Refunds begin strictly after the effective deadline, or when the model is not active.
    error NotRefundable(bytes32 requestId, uint256 effectiveDeadline);
    /// @notice The transaction brought another amount of the chain's currency than the terms need.
    error PaymentMismatch(uint256 got, uint256 expected);
    /// @notice The token moved another amount than it was asked to.
    error TokenAmountMismatch(address token, uint256 got, uint256 expected);
    error InputHashRange(uint256 inputHash);
    /// @notice The terms name an inputHash that is not the commitment to the inline words.
    error InputHashMismatch(uint256 got, uint256 expected);
    /// @notice Neither words nor an inputHash, a number of words that is not the model's, or more words without an inputHash
    ///   than are committed to on chain.
    error InputWords(uint256 got, uint256 expected);
    /// @notice Values are delivered for outputs of up to 3 words.
    error DeliveryTooLarge(uint256 words);
    error OutputHashRange(uint256 outputHash);
    /// @notice The words and salt do not open the outputHash, or are given where none may be.
    error OutputMismatch(bytes32 requestId);
    error InvalidProof(bytes32 requestId);
    /// @notice A callback's gas limit is above MAX_CALLBACK_GAS, or a gas price or limit stands alone.
    error CallbackTerms();
    /// @notice Too little gas is left to give the callback, or all callbacks of a batch, the whole limit.
    error InsufficientCallbackGas(uint256 left, uint256 needed);
    error NoCallbackToRetry(bytes32 requestId);
    error BatchSize(uint256 got, uint256 max);
    error NothingToWithdraw(address account, address token);
    error TransferFailed(address to, uint256 amount);
    /// @notice A call that only a callback of this contract's own, or none at all, may be running under.
    error Reentered();

    /// @notice Escrows price, fee and callback gas money, and asks for the model's output. The callback goes to the caller.
    /// @dev In the chain's currency msg.value = modelPrice + workerFee + callbackGasLimit * callbackGasPrice; in a token
    ///   msg.value is the last summand alone, the rest is pulled with transferFrom.
    function requestInference(RequestTerms calldata terms, InputSource calldata input)
        external
        payable
        returns (bytes32 requestId);

    /// @notice Checks the proof against the request, pays payee, owner and royalty receiver, then calls the requester back.
    function fulfill(Fulfilment calldata item) external;

    /// @notice Fulfils what can be fulfilled and says by events what was skipped and why; callbacks follow when all state is written.
    /// @dev Reverts with InsufficientCallbackGas unless the whole limits of all callbacks are left before the first: the gas that is
    ///   needed does not depend on what callbacks burn.
    /// @return fulfilled Number of items that were fulfilled.
    function fulfillBatch(Fulfilment[] calldata items) external returns (uint256 fulfilled);

    /// @notice Calls the requester again after a failed callback, at the caller's expense. Anyone.
    function retryCallback(bytes32 requestId) external;

    /// @notice Credits what was escrowed to the refund address. Anyone; strictly after the effective deadline, or at once when
    ///   the model is not active. Never pausable.
    function refund(bytes32 requestId) external;

    /// @notice Pays the caller's whole balance in a token to `to`.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Refuses new requests. Guardian or admin. Nothing else stops.
    function freezeRequests() external;

    /// @notice Admits new requests again. Admin only.
    function unfreezeRequests() external;

    /// @notice The id that these terms get for this requester: keccak256(abi.encode(REQUEST_DOMAIN, chainId, coprocessor,
    ///   requester, terms)) with the inputHash filled in, REQUEST_DOMAIN = keccak256("zkinfer.request.v1").
    function requestIdOf(address requester, RequestTerms calldata terms) external view returns (bytes32);

    /// @notice The third public signal of a proof for this request and payee.
    function binderOf(bytes32 requestId, address payee) external view returns (uint256);

    /// @notice Reverts with RequestUnknown.
    function request(bytes32 requestId) external view returns (Request memory);

    /// @notice Hash and, with delivery Values, words of a fulfilled request. Reverts with RequestUnknown, RequestNotOpen.
    function output(bytes32 requestId) external view returns (uint256 outputHash, uint256[] memory outputWords);

    /// @notice The last timestamp of fulfilment as of now: deadline + outages within [created, deadline] + grace, at most 7 days more.
    function effectiveDeadline(bytes32 requestId) external view returns (uint256);

    /// @notice What an account can withdraw.
    function balanceOf(address account, address token) external view returns (uint256);

    /// @notice Whether new requests are refused.
    function requestsFrozen() external view returns (bool);

    /// @notice What is held for open requests, callback gas money included.
    function escrowed(address token) external view returns (uint256);

    /// @notice Counters that reputation is computed from off chain.
    /// @return fulfilled Requests fulfilled for this payee.
    /// @return totalLatency Sum of seconds from request to fulfilment.
    function payeeRecord(address payee) external view returns (uint64 fulfilled, uint64 totalLatency);
}
