// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SCALAR_FIELD_ORDER as R} from "../../../contracts/libraries/Bn254.sol";
import {Bn254G1} from "./Bn254G1.sol";
import {Bn254G2} from "./Bn254G2.sol";
import {modularInverse} from "./ModularInverse.sol";

/// @title Proves any signals at all, true or not, because it knows its key's trapdoor
/// @notice Lets fuzz and invariant tests meet the real verifier with statements of their choice. This is what whoever keeps a
///   setup's secrets can do: why a development key convinces nobody.
/// @dev With A = a·G1, B = G2 and C = c·G1 the equation e(A, B) = e(alpha, beta)·e(IC(signals), gamma)·e(C, delta) is
///   a = alpha·beta + ic(signals)·gamma + c·delta in scalars, which can be solved for c.
contract SimulatedProver {
    /// @dev Discrete logarithms of the key's points; ic[0] belongs to the constant.
    struct Trapdoor {
        uint256 alpha;
        uint256 beta;
        uint256 gamma;
        uint256 delta;
        uint256[] ic;
    }

    bytes public key;
    uint256 public immutable signalCount;
    Trapdoor private _trapdoor;

    /// @param signalCount_ Number of public signals, at least 1.
    /// @param seed Another seed, another key.
    constructor(uint256 signalCount_, uint256 seed) {
        signalCount = signalCount_;
        _trapdoor = drawTrapdoor(signalCount_, seed);
        key = keyOf(_trapdoor);
    }

    /// @notice keccak256 of the key, by which the verifier knows it.
    function keyHash() external view returns (bytes32) {
        return keccak256(key);
    }

    /// @notice A valid proof of these signals. `a`, not 0 modulo r, picks one of many.
    function prove(uint256[] memory signals, uint256 a) public view returns (uint256[8] memory) {
        return proveUnder(_trapdoor, signals, a);
    }

    function prove(uint256[] memory signals) external view returns (uint256[8] memory) {
        return prove(signals, uint256(keccak256(abi.encode(signals))));
    }

    /// @notice A valid proof of three signals, the number that models have.
    function prove(uint256 outputHash, uint256 inputHash, uint256 binder) external view returns (uint256[8] memory) {
        uint256[] memory signals = new uint256[](3);
        (signals[0], signals[1], signals[2]) = (outputHash, inputHash, binder);
        return prove(signals, uint256(keccak256(abi.encode(signals))));
    }

    /// @notice A valid proof under any key whose trapdoor is known.
    function proveUnder(Trapdoor memory t, uint256[] memory signals, uint256 a)
        public
        view
        returns (uint256[8] memory)
    {
        uint256 ic = t.ic[0];
        for (uint256 i = 0; i < signals.length; ++i) {
            ic = addmod(ic, mulmod(t.ic[i + 1], signals[i], R), R);
        }
        uint256 known = addmod(mulmod(t.alpha, t.beta, R), mulmod(ic, t.gamma, R), R);
        uint256 c = mulmod(addmod(a % R, R - known, R), modularInverse(t.delta, R), R);
        return join(Bn254G1.mul(Bn254G1.generator(), a), Bn254G2.generator(), Bn254G1.mul(Bn254G1.generator(), c));
    }

    /// @notice Secrets drawn from a seed, none of them 0.
    function drawTrapdoor(uint256 signalCount_, uint256 seed) public pure returns (Trapdoor memory t) {
        (t.alpha, t.beta) = (_draw(seed, "alpha"), _draw(seed, "beta"));
        (t.gamma, t.delta) = (_draw(seed, "gamma"), _draw(seed, "delta"));
        t.ic = new uint256[](signalCount_ + 1);
        for (uint256 i = 0; i < t.ic.length; ++i) {
            t.ic[i] = _draw(seed, string(abi.encode("ic", i)));
        }
    }

    /// @notice The verification key of a trapdoor, encoded as IGroth16Verifier says.
    function keyOf(Trapdoor memory t) public view returns (bytes memory encoded) {
        uint256[4] memory g2 = Bn254G2.generator();
        encoded = abi.encode(
            Bn254G1.mul(Bn254G1.generator(), t.alpha),
            Bn254G2.mul(g2, t.beta),
            Bn254G2.mul(g2, t.gamma),
            Bn254G2.mul(g2, t.delta)
        );
        for (uint256 i = 0; i < t.ic.length; ++i) {
            encoded = bytes.concat(encoded, abi.encode(Bn254G1.mul(Bn254G1.generator(), t.ic[i])));
        }
    }

    /// @notice The proof (A, B, C) as the verifier takes it.
    function join(uint256[2] memory a, uint256[4] memory b, uint256[2] memory c)
        public
        pure
        returns (uint256[8] memory)
    {
        return [a[0], a[1], b[0], b[1], b[2], b[3], c[0], c[1]];
    }

    function _draw(uint256 seed, string memory name) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, name))) % (R - 1) + 1;
    }
}
