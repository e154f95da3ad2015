// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BASE_FIELD_ORDER as P, SCALAR_FIELD_ORDER as R} from "../../contracts/libraries/Bn254.sol";
import {Bn254Precompiles} from "../../contracts/libraries/Bn254Precompiles.sol";
import {Bn254G1} from "./support/Bn254G1.sol";
import {Test} from "./support/Test.sol";

/// @notice What the verifier's arithmetic does, beside the points that the verifier gives it.
contract Bn254PrecompilesTest is Test {
    function testFuzz_a_multiple_is_added(uint256 start, uint256 base, uint256 scalar) public view {
        uint256[2] memory sum = Bn254G1.mul(Bn254G1.generator(), start);
        uint256[2] memory point = Bn254G1.mul(Bn254G1.generator(), base);
        uint256[2] memory expected = Bn254G1.add(sum, Bn254G1.mul(point, scalar));
        Bn254Precompiles.mulAdd(sum, point[0], point[1], scalar);
        assertEq(abi.encode(sum), abi.encode(expected));
    }

    function test_multiples_of_infinity_and_by_zero_add_nothing() public view {
        uint256[2] memory sum = Bn254G1.generator();
        Bn254Precompiles.mulAdd(sum, 0, 0, 5);
        Bn254Precompiles.mulAdd(sum, 1, 2, 0);
        Bn254Precompiles.mulAdd(sum, 1, 2, R);
        assertEq(abi.encode(sum), abi.encode(Bn254G1.generator()));
    }

    function test_what_is_no_point_reverts() public view {
        _expectNothing([uint256(1), 2], [uint256(1), 3]);
        _expectNothing([uint256(1), 3], [uint256(1), 2]);
        _expectNothing([uint256(1), 2], [P + 1, 2]);
    }

    function testFuzz_a_point_is_told_from_what_is_none(uint256 scalar, uint256 x, uint256 y) public view {
        uint256[2] memory point = Bn254G1.mul(Bn254G1.generator(), scalar);
        assertTrue(Bn254Precompiles.isPoint(point[0], point[1]));
        (x, y) = (x % P, y % P);
        (bool success,) = address(6).staticcall{gas: 150}(abi.encode(x, y, 0, 0));
        assertEq(Bn254Precompiles.isPoint(x, y), success);
        assertTrue(Bn254Precompiles.isPoint(0, 0));
    }

    function test_the_opposite_of_infinity_is_infinity() public pure {
        assertEq(Bn254Precompiles.negated(0), 0);
        assertEq(Bn254Precompiles.negated(2), P - 2);
    }

    /// @dev Called from outside so that a revert can be caught.
    function mulAdd(uint256[2] memory sum, uint256[2] memory point) external view {
        Bn254Precompiles.mulAdd(sum, point[0], point[1], 7);
    }

    function _expectNothing(uint256[2] memory sum, uint256[2] memory point) private view {
        (bool success, bytes memory reason) =
            address(this).staticcall{gas: 100_000}(abi.encodeCall(this.mulAdd, (sum, point)));
        assertFalse(success);
        assertEq(reason.length, 0);
    }
}
