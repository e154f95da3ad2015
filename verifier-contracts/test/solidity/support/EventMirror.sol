// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor as I} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";
import {Vm} from "./Vm.sol";

/// @title The coprocessor's state, rebuilt from its events and the timestamps of their blocks alone
/// @dev Every transition that the contract must not make fails here: a request that is fulfilled and refunded, a balance paid twice.
contract EventMirror {
    address private constant CURRENCY = address(0);

    I private immutable _coprocessor;

    bytes32[] public requestIds;
    address[] public accounts;
    address[] public tokens;
    bool public frozen;
    /// @notice Everything that ever came in, and went out, in a token.
    mapping(address token => uint256) public received;
    mapping(address token => uint256) public paid;
    mapping(address token => uint256) public escrowed;
    mapping(address account => mapping(address token => uint256)) public balanceOf;

    mapping(bytes32 requestId => I.Request) private _requests;
    mapping(bytes32 requestId => uint256[]) private _outputWords;
    mapping(address payee => uint256) private _fulfilled;
    mapping(address payee => uint256) private _latency;
    mapping(address account => bool) private _accountSeen;
    mapping(address token => bool) private _tokenSeen;

    constructor(I coprocessor) {
        _coprocessor = coprocessor;
    }

    function requestCount() external view returns (uint256) {
        return requestIds.length;
    }

    /// @notice Follows the events of one block.
    function absorb(Vm.Log[] memory logs, uint256 timestamp) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(_coprocessor)) _absorb(logs[i], timestamp);
        }
    }

    /// @notice Fails unless the contract's views say what its events said.
    function compare() external view {
        require(_coprocessor.requestsFrozen() == frozen, "frozen");
        for (uint256 i = 0; i < requestIds.length; ++i) {
            _compareRequest(requestIds[i]);
        }
        for (uint256 t = 0; t < tokens.length; ++t) {
            address token = tokens[t];
            require(_coprocessor.escrowed(token) == escrowed[token], "escrowed");
            uint256 sum = escrowed[token] + paid[token];
            for (uint256 i = 0; i < accounts.length; ++i) {
                uint256 balance = balanceOf[accounts[i]][token];
                require(_coprocessor.balanceOf(accounts[i], token) == balance, "balance");
                sum += balance;
            }
            require(sum == received[token], "conservation");
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            (uint64 fulfilled, uint64 latency) = _coprocessor.payeeRecord(accounts[i]);
            require(fulfilled == _fulfilled[accounts[i]] && latency == _latency[accounts[i]], "record");
        }
    }

    function sumOfBalances(address token) external view returns (uint256 sum) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            sum += balanceOf[accounts[i]][token];
        }
    }

    function _absorb(Vm.Log memory log, uint256 timestamp) private {
        bytes32 topic = log.topics[0];
        if (topic == I.InferenceRequested.selector) _onRequested(log, timestamp);
        else if (topic == I.InferenceFulfilled.selector) _onFulfilled(log, timestamp);
        else if (topic == I.CallbackSucceeded.selector) _onCallback(log, I.CallbackStatus.Succeeded);
        else if (topic == I.CallbackFailed.selector) _onCallback(log, I.CallbackStatus.Failed);
        else if (topic == I.RequestRefunded.selector) _onRefunded(log);
        else if (topic == I.BalanceCredited.selector) _onCredited(log);
        else if (topic == I.Withdrawn.selector) _onWithdrawn(log);
        else if (topic == I.RequestsFrozen.selector) frozen = abi.decode(log.data, (bool));
        else require(topic == I.FulfilmentSkipped.selector, "an event that nobody knows");
    }

    function _onRequested(Vm.Log memory log, uint256 timestamp) private {
        (I.RequestTerms memory terms,,) = abi.decode(log.data, (I.RequestTerms, uint256[], string));
        I.Request storage mirrored = _requests[log.topics[1]];
        require(mirrored.status == I.RequestStatus.None, "requested twice");
        requestIds.push(log.topics[1]);
        mirrored.status = I.RequestStatus.Open;
        mirrored.delivery = terms.delivery;
        mirrored.requester = address(uint160(uint256(log.topics[2])));
        mirrored.createdAt = uint64(timestamp);
        mirrored.refundAddress = terms.refundAddress;
        mirrored.workerFee = terms.workerFee;
        mirrored.token = terms.token;
        mirrored.modelPrice = terms.modelPrice;
        mirrored.deadline = terms.deadline;
        mirrored.callbackGasPrice = terms.callbackGasPrice;
        mirrored.callbackGasLimit = terms.callbackGasLimit;
        mirrored.modelId = log.topics[3];
        mirrored.inputHash = terms.inputHash;
        _seeToken(terms.token);
        _seeToken(CURRENCY);
        _take(terms.token, _price(mirrored));
        _take(CURRENCY, _callbackMoney(mirrored));
    }

    function _onFulfilled(Vm.Log memory log, uint256 timestamp) private {
        I.Request storage mirrored = _requests[log.topics[1]];
        require(mirrored.status == I.RequestStatus.Open, "fulfilled what was not open");
        mirrored.status = I.RequestStatus.Fulfilled;
        if (mirrored.callbackGasLimit > 0) mirrored.callbackStatus = I.CallbackStatus.Running;
        mirrored.fulfilledAt = uint64(timestamp);
        mirrored.payee = address(uint160(uint256(log.topics[2])));
        (uint256 outputHash, uint256[] memory words,) = abi.decode(log.data, (uint256, uint256[], address));
        (mirrored.outputHash, mirrored.deliveredWords) = (outputHash, uint8(words.length));
        _outputWords[log.topics[1]] = words;
        escrowed[mirrored.token] -= _price(mirrored);
        ++_fulfilled[mirrored.payee];
        _latency[mirrored.payee] += timestamp - mirrored.createdAt;
        _seeAccount(mirrored.payee);
    }

    /// @dev The first callback settles the gas money; retries move none.
    function _onCallback(Vm.Log memory log, I.CallbackStatus outcome) private {
        I.Request storage mirrored = _requests[log.topics[1]];
        bool first = mirrored.callbackStatus == I.CallbackStatus.Running;
        require(first || mirrored.callbackStatus == I.CallbackStatus.Failed, "called back again");
        mirrored.callbackStatus = outcome;
        if (first) escrowed[CURRENCY] -= _callbackMoney(mirrored);
    }

    function _onRefunded(Vm.Log memory log) private {
        I.Request storage mirrored = _requests[log.topics[1]];
        require(mirrored.status == I.RequestStatus.Open, "refunded what was not open");
        mirrored.status = I.RequestStatus.Refunded;
        escrowed[mirrored.token] -= _price(mirrored);
        escrowed[CURRENCY] -= _callbackMoney(mirrored);
    }

    function _onCredited(Vm.Log memory log) private {
        address account = address(uint160(uint256(log.topics[1])));
        _seeAccount(account);
        balanceOf[account][address(uint160(uint256(log.topics[2])))] += abi.decode(log.data, (uint256));
    }

    function _onWithdrawn(Vm.Log memory log) private {
        address account = address(uint160(uint256(log.topics[1])));
        address token = address(uint160(uint256(log.topics[2])));
        (, uint256 amount) = abi.decode(log.data, (address, uint256));
        require(amount == balanceOf[account][token], "withdrew another amount");
        balanceOf[account][token] = 0;
        paid[token] += amount;
    }

    function _take(address token, uint256 amount) private {
        received[token] += amount;
        escrowed[token] += amount;
    }

    function _seeAccount(address account) private {
        if (_accountSeen[account]) return;
        _accountSeen[account] = true;
        accounts.push(account);
    }

    function _seeToken(address token) private {
        if (_tokenSeen[token]) return;
        _tokenSeen[token] = true;
        tokens.push(token);
    }

    function _compareRequest(bytes32 requestId) private view {
        I.Request memory mirrored = _requests[requestId];
        I.Request memory stored = _coprocessor.request(requestId);
        require(keccak256(abi.encode(stored)) == keccak256(abi.encode(mirrored)), "request");
        if (mirrored.status != I.RequestStatus.Fulfilled) return;
        (uint256 outputHash, uint256[] memory words) = _coprocessor.output(requestId);
        require(outputHash == mirrored.outputHash, "output hash");
        require(keccak256(abi.encode(words)) == keccak256(abi.encode(_outputWords[requestId])), "output words");
    }

    function _price(I.Request storage mirrored) private view returns (uint256) {
        return uint256(mirrored.modelPrice) + mirrored.workerFee;
    }

    function _callbackMoney(I.Request storage mirrored) private view returns (uint256) {
        return uint256(mirrored.callbackGasLimit) * mirrored.callbackGasPrice;
    }
}
