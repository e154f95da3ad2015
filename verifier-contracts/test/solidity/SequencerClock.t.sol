// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISequencerUptimeFeed} from "../../contracts/interfaces/ISequencerUptimeFeed.sol";
import {SequencerClock} from "../../contracts/libraries/SequencerClock.sol";
import {HostileFeed} from "./malicious/HostileFeed.sol";
import {Test} from "./support/Test.sol";

/// @dev A frame of its own for the library.
contract ClockCaller {
    function extension(address feed, uint256 createdAt, uint256 deadline) external view returns (uint256) {
        return SequencerClock.extension(ISequencerUptimeFeed(feed), createdAt, deadline);
    }
}

contract SequencerClockTest is Test {
    uint256 private constant GRACE = 1 hours;
    uint256 private constant CREATED = 1_000_000;
    uint256 private constant DEADLINE = CREATED + 10_000;

    HostileFeed private feed;
    ClockCaller private clock;

    function setUp() public {
        feed = new HostileFeed();
        clock = new ClockCaller();
        vm.warp(DEADLINE + 5_000);
        feed.push(false, 1_000);
    }

    function test_without_a_feed_nothing_is_extended() public view {
        assertEq(clock.extension(address(0), CREATED, DEADLINE), 0);
    }

    function test_without_an_outage_nothing_is_extended() public view {
        assertEq(_extension(), 0);
    }

    function test_an_outage_within_the_term_extends_it_by_its_length_and_a_grace() public {
        _outage(CREATED + 100, CREATED + 400);
        assertEq(_extension(), 300 + GRACE);
    }

    function test_outages_add_up_with_one_grace() public {
        _outage(CREATED + 100, CREATED + 400);
        _outage(CREATED + 1_000, CREATED + 1_001);
        _outage(CREATED + 2_000, CREATED + 2_050);
        assertEq(_extension(), 300 + 1 + 50 + GRACE);
    }

    function test_only_the_part_within_the_term_counts() public {
        _outage(CREATED - 50, CREATED + 7);
        _outage(DEADLINE - 11, DEADLINE + 500);
        assertEq(_extension(), 7 + 11 + GRACE);
    }

    function test_outages_that_touch_the_term_from_outside_give_no_grace() public {
        _outage(CREATED - 50, CREATED);
        _outage(DEADLINE, DEADLINE + 500);
        assertEq(_extension(), 0);
    }

    function test_an_outage_around_the_whole_term_counts_as_long_as_the_term() public {
        _outage(CREATED - 1, DEADLINE + 1);
        assertEq(_extension(), DEADLINE - CREATED + GRACE);
    }

    function test_an_outage_that_lasts_counts_up_to_now_then_up_to_the_deadline() public {
        feed.push(true, CREATED + 100);
        vm.warp(CREATED + 160);
        assertEq(_extension(), 60 + GRACE);
        vm.warp(DEADLINE + 1_000_000);
        assertEq(_extension(), DEADLINE - CREATED - 100 + GRACE);
    }

    function test_an_outage_that_begins_now_counts_nothing_yet() public {
        feed.push(true, CREATED + 100);
        vm.warp(CREATED + 100);
        assertEq(_extension(), 0);
    }

    function test_extensions_end_at_seven_days() public {
        uint256 deadline = CREATED + 30 days;
        _outage(CREATED + 1, CREATED + 1 + 7 days - GRACE);
        vm.warp(deadline);
        assertEq(clock.extension(address(feed), CREATED, deadline), 7 days);
        _outage(CREATED + 10 days, CREATED + 20 days);
        assertEq(clock.extension(address(feed), CREATED, deadline), 7 days);
    }

    function test_the_walk_ends_after_eight_rounds() public {
        _outage(CREATED + 10, CREATED + 20); // Rounds 2 and 3.
        for (uint256 i = 0; i < 3; ++i) {
            _outage(DEADLINE + 10 * i, DEADLINE + 10 * i + 5); // Up to round 9.
        }
        assertEq(_extension(), 10 + GRACE);
        feed.push(true, DEADLINE + 1_000); // Round 10: round 3 is the eighth from here, and up.
        assertEq(_extension(), 0);
    }

    function test_the_walk_ends_at_the_feeds_first_round() public {
        HostileFeed young = new HostileFeed();
        young.push(true, CREATED + 100);
        young.push(false, CREATED + 150);
        assertEq(clock.extension(address(young), CREATED, DEADLINE), 50 + GRACE);
    }

    function test_a_round_of_id_zero_is_the_last_one_read() public {
        feed.overwrite(0, HostileFeed.Words(0, 1, CREATED + 100));
        assertEq(_extension(), DEADLINE - CREATED - 100 + GRACE);
    }

    function test_a_feed_without_code_counts_as_up() public {
        assertEq(clock.extension(makeAddr("nothing"), CREATED, DEADLINE), 0);
    }

    function test_misbehaving_feeds_count_as_up() public {
        feed.push(true, CREATED + 100);
        for (uint256 mode = 1; mode <= uint256(HostileFeed.Mode.ReturnBomb); ++mode) {
            feed.misbehave(HostileFeed.Mode(mode), false);
            uint256 left = gasleft();
            assertEq(_extension(), 0);
            assertLt(left - gasleft(), SequencerClock.FEED_GAS + 10_000);
        }
    }

    function test_a_history_that_cannot_be_read_leaves_what_was_read() public {
        _outage(CREATED + 10, CREATED + 20);
        feed.push(true, CREATED + 9_000);
        for (uint256 mode = 1; mode <= uint256(HostileFeed.Mode.ReturnBomb); ++mode) {
            feed.misbehave(HostileFeed.Mode(mode), true);
            assertEq(_extension(), 1_000 + GRACE);
        }
    }

    function test_latest_rounds_that_make_no_sense_count_as_up() public {
        feed.push(true, CREATED + 100);
        uint256 id = feed.rounds()[1].id;
        assertEq(_extension(), DEADLINE - CREATED - 100 + GRACE);
        _latest(id, 1, 0);
        _latest(id, 1, vm.getBlockTimestamp() + 1);
        _latest(id, 1, type(uint256).max);
        _latest(id, 2, CREATED + 100);
        _latest(id, type(uint256).max, CREATED + 100);
        _latest(1 << 80 | id, 1, CREATED + 100);
    }

    function test_earlier_rounds_that_make_no_sense_count_as_up() public {
        _outage(CREATED + 100, CREATED + 200);
        uint256 id = feed.rounds()[1].id;
        assertEq(_extension(), 100 + GRACE);
        _earlier(id, 1, 0);
        _earlier(id, 1, CREATED + 201); // After its successor.
        _earlier(id, 2, CREATED + 100);
        _earlier(id - 1, 1, CREATED + 100);
        _earlier(1 << 80 | id, 1, CREATED + 100);
    }

    function test_a_starved_call_reverts_instead_of_passing_for_a_broken_feed(uint256 gasGiven) public {
        _outage(CREATED + 100, CREATED + 400);
        gasGiven = bound(gasGiven, 1_000, 400_000);
        try clock.extension{gas: gasGiven}(address(feed), CREATED, DEADLINE) returns (uint256 extended) {
            assertEq(extended, 300 + GRACE);
        } catch {}
    }

    function test_the_least_gas_is_named() public {
        vm.expectPartialRevert(SequencerClock.InsufficientGas.selector);
        clock.extension{gas: 50_000}(address(feed), CREATED, DEADLINE);
    }

    function test_extensions_stay_within_seven_days_whatever_the_feed_answers(
        uint256[6] memory ids,
        uint256[6] memory answers,
        uint256[6] memory starts
    ) public {
        for (uint256 i = 0; i < 6; ++i) {
            feed.push(false, 1);
            feed.overwrite(
                i, HostileFeed.Words(ids[i] % 2 == 0 ? feed.rounds()[i].id : ids[i], answers[i] % 3, starts[i])
            );
        }
        assertLe(_extension(), 7 days);
    }

    function test_sane_rounds_give_the_sum_of_their_overlaps(uint256[7] memory lengths) public {
        uint256 time = CREATED - 2_000;
        uint256 overlap;
        for (uint256 i = 0; i < 7; ++i) {
            uint256 start = time;
            time += bound(lengths[i], 0, 3_000);
            feed.push(i % 2 == 1, start);
            if (i % 2 == 1) overlap += _slowOverlap(start, time);
        }
        feed.push(false, time);
        vm.warp(time > DEADLINE ? time : DEADLINE);
        assertEq(_extension(), overlap == 0 ? 0 : overlap + GRACE);
    }

    function _slowOverlap(uint256 start, uint256 end) private pure returns (uint256 seconds_) {
        for (uint256 t = start; t < end; ++t) {
            if (t >= CREATED && t < DEADLINE) ++seconds_;
        }
    }

    function _extension() private view returns (uint256) {
        return clock.extension(address(feed), CREATED, DEADLINE);
    }

    function _outage(uint256 start, uint256 end) private {
        feed.push(true, start);
        feed.push(false, end);
    }

    function _latest(uint256 id, uint256 answer, uint256 startedAt) private {
        feed.overwrite(1, HostileFeed.Words(id, answer, startedAt));
        assertEq(_extension(), 0);
    }

    function _earlier(uint256 id, uint256 answer, uint256 startedAt) private {
        feed.overwrite(1, HostileFeed.Words(id, answer, startedAt));
        assertEq(_extension(), 0);
    }
}
