// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Order of BN254's base field (EIP-196): coordinates of points are below it.
uint256 constant BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

/// @dev Order r of BN254's scalar field (EIP-197): signals, words, salts and hashes are below it.
uint256 constant SCALAR_FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
