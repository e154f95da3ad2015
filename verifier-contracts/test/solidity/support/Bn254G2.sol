// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BASE_FIELD_ORDER as P} from "../../../contracts/libraries/Bn254.sol";
import {modularInverse} from "./ModularInverse.sol";

/// @title Points of BN254's second group, for tests: affine formulas, slow and plain
/// @dev A point is [x imaginary, x real, y imaginary, y real], EIP-197's order, over F_p² = F_p[i]/(i² + 1);
///   [0, 0, 0, 0] is infinity.
library Bn254G2 {
    /// @dev An element real + imaginary·i of F_p².
    struct Fp2 {
        uint256 imaginary;
        uint256 real;
    }

    /// @notice The generator that EIP-197 names.
    function generator() internal pure returns (uint256[4] memory) {
        return [
            0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2,
            0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed,
            0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b,
            0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
        ];
    }

    /// @notice scalar·p by doubling and adding.
    function mul(uint256[4] memory p, uint256 scalar) internal view returns (uint256[4] memory sum) {
        for (; scalar != 0; scalar >>= 1) {
            if (scalar & 1 == 1) sum = add(sum, p);
            p = add(p, p);
        }
    }

    /// @notice p + q, equal or opposite ones included.
    function add(uint256[4] memory p, uint256[4] memory q) internal view returns (uint256[4] memory) {
        if (isInfinity(p)) return q;
        if (isInfinity(q)) return p;
        Fp2 memory slope;
        if (p[0] == q[0] && p[1] == q[1]) {
            if (p[2] != q[2] || p[3] != q[3] || (p[2] == 0 && p[3] == 0)) return _infinity();
            Fp2 memory square = _mul(_x(p), _x(p));
            slope = _mul(_add(square, _add(square, square)), _inverse(_add(_y(p), _y(p))));
        } else {
            slope = _mul(_sub(_y(q), _y(p)), _inverse(_sub(_x(q), _x(p))));
        }
        Fp2 memory x = _sub(_sub(_mul(slope, slope), _x(p)), _x(q));
        Fp2 memory y = _sub(_mul(slope, _sub(_x(p), x)), _y(p));
        return [x.imaginary, x.real, y.imaginary, y.real];
    }

    function neg(uint256[4] memory p) internal pure returns (uint256[4] memory) {
        return [p[0], p[1], (P - p[2]) % P, (P - p[3]) % P];
    }

    function isInfinity(uint256[4] memory p) internal pure returns (bool) {
        return p[0] == 0 && p[1] == 0 && p[2] == 0 && p[3] == 0;
    }

    /// @notice A point of the twisted curve outside the subgroup of order r: x = 1 + 0·i happens to have a y, and
    ///   r times it is not infinity (a test checks it).
    function outsideSubgroup() internal pure returns (uint256[4] memory) {
        return [
            0,
            1,
            5912654199736721486680175016176231956195085055698687135131307249486702594212,
            18278151005453108793778860132295291098363647455926340152056652516292830556603
        ];
    }

    function _infinity() private pure returns (uint256[4] memory p) {}

    function _x(uint256[4] memory p) private pure returns (Fp2 memory) {
        return Fp2(p[0], p[1]);
    }

    function _y(uint256[4] memory p) private pure returns (Fp2 memory) {
        return Fp2(p[2], p[3]);
    }

    function _add(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        return Fp2(addmod(a.imaginary, b.imaginary, P), addmod(a.real, b.real, P));
    }

    function _sub(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        return Fp2(addmod(a.imaginary, P - b.imaginary, P), addmod(a.real, P - b.real, P));
    }

    function _mul(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        uint256 real = addmod(mulmod(a.real, b.real, P), P - mulmod(a.imaginary, b.imaginary, P), P);
        return Fp2(addmod(mulmod(a.real, b.imaginary, P), mulmod(a.imaginary, b.real, P), P), real);
    }

    /// @dev (real − imaginary·i) / (real² + imaginary²).
    function _inverse(Fp2 memory a) private view returns (Fp2 memory) {
        uint256 norm = addmod(mulmod(a.real, a.real, P), mulmod(a.imaginary, a.imaginary, P), P);
        uint256 inverse = modularInverse(norm, P);
        return Fp2(mulmod(P - a.imaginary, inverse, P), mulmod(a.real, inverse, P));
    }
}
