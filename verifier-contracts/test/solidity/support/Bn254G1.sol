// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BASE_FIELD_ORDER} from "../../../contracts/libraries/Bn254.sol";

/// @title Points of BN254's first group, for tests: the precompiles of EIP-196
/// @dev A point is [x, y]; [0, 0] is infinity. The precompiles revert on coordinates that are no point's.
library Bn254G1 {
    function generator() internal pure returns (uint256[2] memory) {
        return [uint256(1), 2];
    }

    function add(uint256[2] memory p, uint256[2] memory q) internal view returns (uint256[2] memory) {
        return _call(address(6), abi.encode(p, q));
    }

    function mul(uint256[2] memory p, uint256 scalar) internal view returns (uint256[2] memory) {
        return _call(address(7), abi.encode(p, scalar));
    }

    function neg(uint256[2] memory p) internal pure returns (uint256[2] memory) {
        return [p[0], p[1] == 0 ? 0 : BASE_FIELD_ORDER - p[1]];
    }

    function _call(address precompile, bytes memory data) private view returns (uint256[2] memory) {
        (bool success, bytes memory result) = precompile.staticcall(data);
        require(success, "Bn254G1: not a point");
        return abi.decode(result, (uint256[2]));
    }
}
