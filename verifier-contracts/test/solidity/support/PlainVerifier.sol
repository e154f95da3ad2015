// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bn254G1} from "./Bn254G1.sol";
import {Words} from "./Words.sol";

/// @title Groth16's equation, slow and plain: the twin that tests compare the verifier with
/// @notice Checks nothing but the equation: neither the key nor whether signals are below r.
library PlainVerifier {
    /// @notice Reverts when a point is none.
    function verify(bytes memory key, uint256[8] memory proof, uint256[] memory signals) internal view returns (bool) {
        uint256[2] memory x = icSum(key, signals);
        bytes memory pairs = bytes.concat(
            abi.encode(Bn254G1.neg([proof[0], proof[1]]), [proof[2], proof[3], proof[4], proof[5]]),
            Words.slice(key, 0, 6),
            abi.encode(x),
            Words.slice(key, 6, 4),
            abi.encode(proof[6], proof[7]),
            Words.slice(key, 10, 4)
        );
        (bool success, bytes memory result) = address(8).staticcall(pairs);
        require(success, "PlainVerifier: not a point");
        return abi.decode(result, (bool));
    }

    /// @notice X = IC_0 + Σ signal_j·IC_j.
    function icSum(bytes memory key, uint256[] memory signals) internal view returns (uint256[2] memory x) {
        x = Words.g1(key, 14);
        for (uint256 i = 0; i < signals.length; ++i) {
            x = Bn254G1.add(x, Bn254G1.mul(Words.g1(key, 16 + 2 * i), signals[i]));
        }
    }
}
