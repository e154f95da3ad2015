// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISequencerUptimeFeed} from "../interfaces/ISequencerUptimeFeed.sol";
import {CappedCall} from "./CappedCall.sol";

/// @title By how much outages of a layer-2 sequencer extend a deadline
/// @notice While the sequencer is down hardly anybody can submit a proof. A deadline moves by the time that outages overlapped
///   with [created, deadline], and by a grace period if they did at all; by MAX_EXTENSION at most.
/// @dev The feed is trusted with nothing but this. It is called with little gas, little of its answer is read, and whatever makes
///   no sense counts as up: a call that reverts, a short answer, an answer other than 0 and 1, a round that begins at 0, in the
///   future or after its successor, a round of another id. The walk into the past ends there, and after MAX_ROUNDS.
///
///   Cases at the edges:
///   - An outage that lasts still, or that outlasts the deadline, counts up to now and up to the deadline.
///   - An outage that ended before the request was made, or began after its deadline, does not count and gives no grace.
///   - A request whose extended deadline passes within one long outage lapses: the answer is late already.
///   - More than MAX_ROUNDS changes after an outage hide it, and so does another contract behind a proxied feed: the ids of its
///     rounds begin anew. The deadline then is the earlier one. Requests stay exclusively paid or refunded, since their
///     state decides and not this clock.
library SequencerClock {
    /// @dev As the sample code of Chainlink's documentation on sequencer uptime feeds: an hour.
    uint256 internal constant GRACE_PERIOD = 1 hours;
    /// @dev However long outages were, refunds wait no longer than this.
    uint256 internal constant MAX_EXTENSION = 7 days;
    /// @dev Rounds that are read, the latest included; each is one change of the sequencer's status.
    uint256 internal constant MAX_ROUNDS = 8;
    /// @dev Gas for one call. A proxied feed needs about 20,000.
    uint256 internal constant FEED_GAS = 50_000;

    uint256 private constant ANSWER_DOWN = 1;
    /// @dev Both functions of the feed return five words.
    uint256 private constant ROUND_BYTES = 5 * 32;

    struct Round {
        bool sane;
        bool down;
        uint256 id;
        uint256 startedAt;
    }

    /// @notice Too little gas is left to ask the feed; without this, starving the call would pass for a broken feed.
    error InsufficientGas(uint256 left, uint256 needed);

    /// @notice Seconds by which the deadline is extended, as of now.
    /// @param feed Zero: there is none, nothing is extended.
    function extension(ISequencerUptimeFeed feed, uint256 createdAt, uint256 deadline) internal view returns (uint256) {
        if (address(feed) == address(0)) return 0;
        uint256 outages = _outagesWithin(address(feed), createdAt, deadline);
        if (outages == 0) return 0;
        uint256 extended = outages + GRACE_PERIOD;
        return extended < MAX_EXTENSION ? extended : MAX_EXTENSION;
    }

    /// @dev Each round lasts from its start to that of its successor, the latest one up to now.
    function _outagesWithin(address feed, uint256 from, uint256 to) private view returns (uint256 total) {
        uint256 end = block.timestamp;
        Round memory round = _read(feed, abi.encodeCall(ISequencerUptimeFeed.latestRoundData, ()));
        for (uint256 i = 1; round.sane && round.startedAt <= end; ++i) {
            if (round.down) total += _overlap(round.startedAt, end, from, to);
            if (round.startedAt <= from || round.id == 0 || i == MAX_ROUNDS) break;
            end = round.startedAt;
            uint256 id = round.id - 1;
            // forge-lint: disable-next-line(unsafe-typecast)
            round = _read(feed, abi.encodeCall(ISequencerUptimeFeed.getRoundData, (uint80(id))));
            if (round.id != id) break;
        }
    }

    function _overlap(uint256 start, uint256 end, uint256 from, uint256 to) private pure returns (uint256) {
        uint256 first = start > from ? start : from;
        uint256 last = end < to ? end : to;
        return last > first ? last - first : 0;
    }

    /// @dev Not sane: whatever the contract at `feed` did, it was not to answer with a round.
    function _read(address feed, bytes memory call) private view returns (Round memory round) {
        uint256 needed = CappedCall.gasNeeded(FEED_GAS);
        if (gasleft() < needed) revert InsufficientGas(gasleft(), needed);
        (bool success, bytes memory returned) = CappedCall.staticcallWith(feed, FEED_GAS, call, ROUND_BYTES);
        if (!success || returned.length < ROUND_BYTES) return round;
        uint256 answer;
        // As plain words: decoding narrower types would revert on what does not fit them.
        (round.id, answer, round.startedAt,,) = abi.decode(returned, (uint256, uint256, uint256, uint256, uint256));
        round.down = answer == ANSWER_DOWN;
        round.sane = answer <= ANSWER_DOWN && round.startedAt != 0 && round.id <= type(uint80).max;
    }
}
