import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE_FIELD_ORDER, type ProofJson, type VerificationKeyJson } from '@zkinfer/core';
import { keccak256 } from 'ethers';
import { decodeProof, encodeProof } from './encode-proof.ts';
import { encodeVerificationKey, verificationKeyHash } from './encode-verification-key.ts';

const PROOF: ProofJson = {
  pi_a: ['1', '2', '1'],
  pi_b: [
    ['3', '4'],
    ['5', '6'],
    ['1', '0'],
  ],
  pi_c: ['7', '8', '1'],
  protocol: 'groth16',
  curve: 'bn128',
};

const KEY: VerificationKeyJson = {
  protocol: 'groth16',
  curve: 'bn128',
  nPublic: 1,
  vk_alpha_1: ['1', '2', '1'],
  vk_beta_2: PROOF.pi_b,
  vk_gamma_2: PROOF.pi_b,
  vk_delta_2: PROOF.pi_b,
  vk_alphabeta_12: [],
  IC: [
    ['9', '10', '1'],
    ['11', '12', '1'],
  ],
};

test('the imaginary part of each coordinate of B comes first', () => {
  assert.deepEqual(encodeProof(PROOF), [1n, 2n, 4n, 3n, 6n, 5n, 7n, 8n]);
});

test('the words are read back as the same proof', () => {
  assert.deepEqual(decodeProof(encodeProof(PROOF)), PROOF);
});

test('a key is its points in order, 32 bytes a word, and its hash', () => {
  const words = [1, 2, ...[4, 3, 6, 5], ...[4, 3, 6, 5], ...[4, 3, 6, 5], 9, 10, 11, 12];
  const expected = words.map((word) => word.toString(16).padStart(64, '0')).join('');
  assert.equal(encodeVerificationKey(KEY), `0x${expected}`);
  assert.equal(verificationKeyHash(KEY), keccak256(`0x${expected}`));
});

test('proofs that are not canonical are refused', () => {
  const p = BASE_FIELD_ORDER.toString();
  const altered = [
    { ...PROOF, protocol: 'plonk' },
    { ...PROOF, curve: 'bls12381' },
    { ...PROOF, pi_a: [p, '2', '1'] },
    { ...PROOF, pi_a: ['01', '2', '1'] },
    { ...PROOF, pi_a: ['-1', '2', '1'] },
    { ...PROOF, pi_a: [1, '2', '1'] },
    { ...PROOF, pi_a: ['0', '1', '0'] },
    { ...PROOF, pi_c: ['7', '8'] },
    {
      ...PROOF,
      pi_b: [
        ['3', '4'],
        ['5', '6'],
      ],
    },
    {
      ...PROOF,
      pi_b: [
        ['3', p],
        ['5', '6'],
        ['1', '0'],
      ],
    },
    {
      ...PROOF,
      pi_b: [
        ['3', '4'],
        ['5', '6'],
        ['1', '1'],
      ],
    },
  ];
  for (const proof of altered) {
    assert.throws(() => encodeProof(proof as unknown as ProofJson), {
      code: 'CONTRACTS_PROOF_MALFORMED',
    });
  }
});

test('keys that are not canonical are refused', () => {
  const altered = [
    { ...KEY, protocol: 'plonk' },
    { ...KEY, nPublic: 2 },
    { ...KEY, IC: 'none' },
    { ...KEY, vk_alpha_1: ['0', '1', '0'] },
  ];
  for (const key of altered) {
    assert.throws(() => encodeVerificationKey(key as unknown as VerificationKeyJson), {
      code: 'CONTRACTS_KEY_MALFORMED',
    });
  }
});
