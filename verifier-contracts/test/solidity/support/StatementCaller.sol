// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Poseidon} from "../../../contracts/Poseidon.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {IPoseidon} from "../../../contracts/interfaces/IPoseidon.sol";
import {Statement} from "../../../contracts/libraries/Statement.sol";

/// @dev Gives the library's functions a frame of their own, so that what they revert with can be expected.
contract StatementCaller {
    IPoseidon private immutable _hasher = new Poseidon();

    function commit(uint256 kind, IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commit(_hasher, kind, spec, words, salt);
    }

    function commitInput(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commitInput(_hasher, spec, words, salt);
    }

    function commitOutput(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 salt)
        external
        view
        returns (uint256)
    {
        return Statement.commitOutput(_hasher, spec, words, salt);
    }

    function outputSalt(uint256 inputSalt) external view returns (uint256) {
        return Statement.outputSalt(_hasher, inputSalt);
    }

    function hash(uint256[] memory inputs) external view returns (uint256) {
        return _hasher.hash(inputs);
    }

    function pack(IModelRegistry.TensorSpec memory spec, uint256[] memory elements)
        external
        pure
        returns (uint256[] memory)
    {
        return Statement.pack(spec, elements);
    }

    function unpack(IModelRegistry.TensorSpec memory spec, uint256[] memory words)
        external
        pure
        returns (uint256[] memory)
    {
        return Statement.unpack(spec, words);
    }

    function elementOf(IModelRegistry.TensorSpec memory spec, uint256[] memory words, uint256 index)
        external
        pure
        returns (uint256)
    {
        return Statement.elementOf(spec, words, index);
    }
}
