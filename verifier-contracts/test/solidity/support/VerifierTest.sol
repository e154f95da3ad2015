// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "../../../contracts/Groth16Verifier.sol";
import {SCALAR_FIELD_ORDER as R} from "../../../contracts/libraries/Bn254.sol";
import {SimulatedProver} from "./SimulatedProver.sol";
import {Test} from "./Test.sol";

/// @title A verifier that knows one key of three signals, and the prover of that key
abstract contract VerifierTest is Test {
    uint256 internal constant SIGNALS = 3;

    Groth16Verifier internal verifier;
    SimulatedProver internal prover;
    bytes32 internal keyHash;

    function setUp() public virtual {
        verifier = new Groth16Verifier();
        prover = new SimulatedProver(SIGNALS, 1);
        keyHash = verifier.storeKey(prover.key());
    }

    /// @notice Three signals below r that depend on a seed.
    function _signals(uint256 seed) internal pure returns (uint256[] memory signals) {
        signals = new uint256[](SIGNALS);
        for (uint256 i = 0; i < SIGNALS; ++i) {
            signals[i] = uint256(keccak256(abi.encode("signal", seed, i))) % R;
        }
    }

    /// @notice The first bytes of what a call reverted with.
    function _selectorOf(bytes memory reason) internal pure returns (bytes4) {
        // forge-lint: disable-next-line(unsafe-typecast)
        return bytes4(reason);
    }
}
