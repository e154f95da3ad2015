import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProofJson } from '@zkinfer/core';
import { Interface } from 'ethers';
import { InferenceCoprocessor } from '../generated/inference-coprocessor.ts';
import { decodeFulfilments } from './decode-fulfilments.ts';
import { encodeProof } from './encode-proof.ts';

const COPROCESSOR = new Interface(InferenceCoprocessor.abi);

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

const delivered = (byte: string) => ({
  requestId: `0x${byte.repeat(32)}`,
  proof: PROOF,
  payee: `0x${'52'.repeat(20)}`,
  outputHash: 5n,
  outputWords: [6n, 7n],
  outputSalt: 8n,
});
const FIRST = delivered('01');
const SECOND = delivered('02');

const encoded = (item: typeof FIRST) => ({ ...item, proof: encodeProof(item.proof) });

test('one fulfilment and a batch are read back as they were delivered', () => {
  const single = COPROCESSOR.encodeFunctionData('fulfill', [encoded(FIRST)]);
  assert.deepEqual(decodeFulfilments(single), [FIRST]);
  const batch = [FIRST, SECOND].map(encoded);
  const several = COPROCESSOR.encodeFunctionData('fulfillBatch', [batch]);
  assert.deepEqual(decodeFulfilments(several), [FIRST, SECOND]);
});

test('other calls, other data and a call cut short carry no fulfilments', () => {
  const single = COPROCESSOR.encodeFunctionData('fulfill', [encoded(FIRST)]);
  const refund = COPROCESSOR.encodeFunctionData('refund', [FIRST.requestId]);
  for (const data of ['0x', '0x12345678', refund, single.slice(0, 200)]) {
    assert.deepEqual(decodeFulfilments(data), []);
  }
});
