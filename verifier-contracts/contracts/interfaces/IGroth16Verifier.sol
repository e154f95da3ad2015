// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One Groth16 verifier over BN254 for every model
/// @notice Verification keys are data: each lives in the code of a small contract that this one writes after checking it.
/// @dev A verification key is encoded as 32-byte words in EIP-197's order (imaginary part of F_p² first):
///   alpha (2 words), beta (4), gamma (4), delta (4), then IC (2 words each): one for the constant, one for each public signal.
///   A proof is 8 words: A (2), B (4), C (2). `keyHash` is keccak256 of the key's encoding.
interface IGroth16Verifier {
    /// @notice A key was checked and written.
    event KeyStored(bytes32 indexed keyHash, address pointer, uint256 signalCount);

    /// @notice No key of this hash was stored.
    error UnknownKey(bytes32 keyHash);
    /// @notice The key's encoding has `length` bytes, which is no key's.
    error KeyLength(uint256 length);
    /// @notice Word `index` of the key, a coordinate, is not below the base field's order.
    error KeyCoordinate(uint256 index);
    /// @notice The point of the key that starts at word `index` is at infinity, not on its curve, or not in the subgroup.
    error KeyPoint(uint256 index);
    /// @notice delta is gamma or its opposite: nobody contributed to this key, anyone can forge its proofs.
    error KeyWithoutContribution();
    /// @notice delta is the generator of G2 or its opposite: nobody contributed to this key, anyone can forge its proofs.
    error KeyDeltaIsGenerator();
    /// @notice The point at word `index` equals an earlier one of its group, or its opposite: by two equal IC entries one
    ///   proof shows several statements, by other equal points anyone can forge proofs.
    error KeyPointRepeated(uint256 index);
    /// @notice The key has another number of public signals.
    error SignalCount(uint256 got, uint256 expected);
    /// @notice Public signal `index` is not below the scalar field's order.
    error SignalRange(uint256 index, uint256 signal);
    /// @notice Coordinate `index` of the proof (0 to 7) is not below the base field's order.
    error ProofCoordinate(uint256 index);
    /// @notice A point of the proof is not on its curve, or B not in the subgroup.
    error ProofPoint();
    /// @notice Less gas is left than verification needs; says nothing about the proof.
    error InsufficientGas(uint256 left, uint256 needed);
    /// @notice A batch has another number of proofs than lists of signals, or none.
    error BatchLength(uint256 proofs, uint256 signalLists);

    /// @notice Checks a verification key and writes it; a key that is stored already is left as it is.
    /// @return keyHash by which `verify` finds it.
    function storeKey(bytes calldata key) external returns (bytes32 keyHash);

    /// @notice The contract whose code (after one zero byte) is the key; zero if it is unknown.
    function keyPointer(bytes32 keyHash) external view returns (address);

    /// @notice The number of public signals of a stored key. Reverts with UnknownKey.
    function signalCount(bytes32 keyHash) external view returns (uint256);

    /// @notice Whether the proof shows the statement of these signals under this key.
    /// @dev Malformed input, an unknown key and too little gas revert with their own errors; `false` means a well-formed
    ///   proof of something else, never a lack of gas.
    function verify(bytes32 keyHash, uint256[8] calldata proof, uint256[] calldata signals) external view returns (bool);

    /// @notice Whether every proof of a batch under one key is valid, by a random linear combination: N + 3 pairings.
    /// @dev Coefficients of 128 bits come from a hash over the key and all proofs and signals. `false` says that at least one is wrong.
    function verifyBatch(bytes32 keyHash, uint256[8][] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool);
}
