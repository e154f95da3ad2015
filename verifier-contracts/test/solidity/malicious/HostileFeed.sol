// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISequencerUptimeFeed} from "../../../contracts/interfaces/ISequencerUptimeFeed.sol";

/// @title A sequencer-uptime feed that answers as a test tells it, or misbehaves
/// @dev Rounds are added from the oldest to the latest. A round can be overwritten with words that are no round's.
contract HostileFeed is ISequencerUptimeFeed {
    enum Mode {
        Honest,
        Reverts,
        RevertBomb,
        BurnsGas,
        ShortAnswer,
        ReturnBomb,
        Reenters
    }

    struct Words {
        uint256 id;
        uint256 answer;
        uint256 startedAt;
    }

    uint256 private constant FIRST_ID = 1 << 64 | 1; // As Chainlink's proxies: the phase in the high bits.
    /// @dev Memory of this size costs about the gas that the feed gets.
    uint256 private constant BOMB_BYTES = 4_000;

    Mode private _mode;
    /// @dev Rounds below this one misbehave; the latest behaves well.
    bool private _onlyHistory;
    Words[] private _rounds;
    address private _reentryTarget;
    bytes private _reentryCall;

    function misbehave(Mode mode, bool onlyHistory) external {
        (_mode, _onlyHistory) = (mode, onlyHistory);
    }

    /// @notice The static call that is made before each answer with Mode.Reenters.
    function reenter(address target, bytes calldata call) external {
        (_reentryTarget, _reentryCall, _mode) = (target, call, Mode.Reenters);
    }

    /// @notice From `startedAt` on the sequencer is down, or up.
    function push(bool down, uint256 startedAt) external {
        _rounds.push(Words(FIRST_ID + _rounds.length, down ? 1 : 0, startedAt));
    }

    /// @notice Replaces round `index` (the oldest is 0) by any words.
    function overwrite(uint256 index, Words calldata words) external {
        _rounds[index] = words;
    }

    function rounds() external view returns (Words[] memory) {
        return _rounds;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (!_onlyHistory) _misbehave();
        _answer(_rounds.length == 0 ? Words(0, 0, 0) : _rounds[_rounds.length - 1]);
    }

    function getRoundData(uint80 id) external view returns (uint80, int256, uint256, uint256, uint80) {
        _misbehave();
        require(id >= FIRST_ID && id < FIRST_ID + _rounds.length, "No data present");
        _answer(_rounds[id - FIRST_ID]);
    }

    function _answer(Words memory words) private pure {
        bytes memory encoded = abi.encode(words.id, words.answer, words.startedAt, words.startedAt, words.id);
        assembly ("memory-safe") {
            return(add(encoded, 0x20), mload(encoded))
        }
    }

    function _misbehave() private view {
        if (_mode == Mode.Reverts) revert("down");
        if (_mode == Mode.Reenters) {
            (bool success,) = _reentryTarget.staticcall(_reentryCall);
            require(success, "re-entry refused");
        }
        bool burns = _mode == Mode.BurnsGas;
        bool bombs = _mode == Mode.ReturnBomb;
        bool revertBombs = _mode == Mode.RevertBomb;
        bool short = _mode == Mode.ShortAnswer;
        assembly {
            if burns { invalid() }
            if bombs { return(0, BOMB_BYTES) }
            if revertBombs { revert(0, BOMB_BYTES) }
            if short { return(0, 0x9f) }
        }
    }
}
