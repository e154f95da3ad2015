// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInferenceCoprocessor as I} from "../../../contracts/interfaces/IInferenceCoprocessor.sol";
import {HostileConsumer} from "../malicious/HostileConsumer.sol";
import {CoprocessorFixture} from "./CoprocessorFixture.sol";
import {EventMirror} from "./EventMirror.sol";

/// @title Everything that anybody may do with a coprocessor, drawn at random, with the events of each step followed
/// @dev Steps that the contract refuses are no failures; what it must not allow fails in the mirror or in the invariants.
contract CoprocessorHandler is CoprocessorFixture {
    uint256 private constant ITEMS = 4;

    EventMirror public mirror;
    HostileConsumer[] private _consumers;
    address[] private _accounts;
    bytes32[] private _requestIds;
    /// @notice How often each step did something, by the name of its function.
    mapping(string step => uint256) public done;

    /// @dev The events of a step are followed when it is over.
    modifier followed() {
        vm.recordLogs();
        _;
        mirror.absorb(vm.getRecordedLogs(), vm.getBlockTimestamp());
    }

    constructor() {
        setUp();
        mirror = new EventMirror(coprocessor);
        for (uint256 i = 0; i < 3; ++i) {
            _consumers.push(new HostileConsumer(coprocessor));
            _accounts.push(address(_consumers[i]));
        }
        _accounts.push(worker);
        _accounts.push(refundAddress);
        _accounts.push(modelOwner);
        _accounts.push(royaltyReceiver);
        vm.txGasPrice(2 gwei);
    }

    function coprocessorAddress() external view returns (address) {
        return address(coprocessor);
    }

    function tokenAddress() external view returns (address) {
        return address(token);
    }

    function ask(uint256 seed, uint96 fee, uint32 gasLimit, uint64 gasPrice, uint64 duration) external followed {
        I.RequestTerms memory terms = termsOf(_pick(seed, smallModel, fullModel, wideModel));
        if (seed & 8 == 0) terms = inTokens(terms);
        if (seed & 16 == 0) terms.delivery = I.Delivery.Commitment;
        if (seed & 32 == 0) {
            terms = withCallback(terms, uint32(bound(gasLimit, 1, 600_000)), uint64(bound(gasPrice, 1, 9 gwei)));
        }
        terms.workerFee = fee;
        terms.deadline = uint64(vm.getBlockTimestamp() + bound(duration, 1, 2 days));
        terms.refundAddress = _account(seed >> 64);
        address sender = _account(seed >> 128);
        uint256 value = fund(sender, terms);
        vm.prank(sender);
        try coprocessor.requestInference{value: value}(terms, inputOf(terms.modelId)) returns (bytes32 requestId) {
            _requestIds.push(requestId);
            ++done["ask"];
        } catch {}
    }

    function answer(uint256 which, uint256 payee, uint256 wrong) external followed {
        if (_requestIds.length == 0) return;
        I.Fulfilment memory item = _item(which, payee, wrong);
        try coprocessor.fulfill(item) {
            ++done["answer"];
        } catch {}
    }

    function answerMany(uint256[ITEMS] memory which, uint256 payee, uint256 wrong) external followed {
        if (_requestIds.length == 0) return;
        I.Fulfilment[] memory items = new I.Fulfilment[](ITEMS);
        for (uint256 i = 0; i < ITEMS; ++i) {
            items[i] = _item(which[i], payee, wrong >> 32 * i);
        }
        done["answerMany"] += coprocessor.fulfillBatch(items);
    }

    function refund(uint256 which) external followed {
        if (_requestIds.length == 0) return;
        try coprocessor.refund(_request(which)) {
            ++done["refund"];
        } catch {}
    }

    function retry(uint256 which) external followed {
        if (_requestIds.length == 0) return;
        try coprocessor.retryCallback(_request(which)) {
            ++done["retry"];
        } catch {}
    }

    function withdraw(uint256 who, bool inToken, uint256 to) external followed {
        address account = _account(who);
        vm.prank(account);
        try coprocessor.withdraw(inToken ? address(token) : CURRENCY, _account(to)) {
            ++done["withdraw"];
        } catch {}
    }

    function behave(uint256 which, uint256 mode, uint256 request_) external {
        HostileConsumer consumer = _consumers[which % 3];
        consumer.behave(HostileConsumer.Mode(mode % 5));
        if (mode % 6 != 5) return;
        bytes memory call = request_ & 1 == 0
            ? abi.encodeCall(I.withdraw, (CURRENCY, address(consumer)))
            : abi.encodeCall(I.refund, (_requestIds.length == 0 ? bytes32(0) : _request(request_)));
        consumer.callInside(address(coprocessor), 0, call);
    }

    function pass(uint256 time) external {
        skip(bound(time, 1, 12 hours));
    }

    function outage(uint256 length) external {
        feed.push(true, vm.getBlockTimestamp());
        skip(bound(length, 1, 6 hours));
        feed.push(false, vm.getBlockTimestamp());
    }

    /// @dev Mostly ends a freeze: a frozen coprocessor does little.
    function freeze(uint256 what) external followed {
        if (what % 8 == 0) {
            vm.prank(guardian);
            coprocessor.freezeRequests();
        } else if (what % 8 == 1) {
            vm.prank(modelOwner);
            registry.freeze(fullModel);
        } else if (what % 8 < 5) {
            vm.prank(admin);
            coprocessor.unfreezeRequests();
        } else {
            vm.prank(modelOwner);
            try registry.unfreeze(fullModel) {} catch {}
        }
    }

    /// @dev Three of 32 are wrong in one way each.
    function _item(uint256 which, uint256 payee, uint256 wrong) private view returns (I.Fulfilment memory item) {
        item = fulfilmentOf(_request(which), _account(payee));
        if (wrong % 32 == 0) item.payee = stranger;
        if (wrong % 32 == 1) item.proof[7] ^= 1;
        if (wrong % 32 == 2) item.outputHash ^= 1;
    }

    function _request(uint256 which) private view returns (bytes32) {
        return _requestIds[which % _requestIds.length];
    }

    function _account(uint256 which) private view returns (address) {
        return _accounts[which % _accounts.length];
    }

    function _pick(uint256 seed, bytes32 a, bytes32 b, bytes32 c) private pure returns (bytes32) {
        return seed % 3 == 0 ? a : seed % 3 == 1 ? b : c;
    }
}
