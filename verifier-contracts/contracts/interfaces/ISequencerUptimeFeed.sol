// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The part of Chainlink's sequencer-uptime feeds that deadlines need
/// @dev answer 0: up, 1: down. startedAt: when this status began; 0: the round is not valid yet.
interface ISequencerUptimeFeed {
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
