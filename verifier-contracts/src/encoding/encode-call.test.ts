import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interface } from 'ethers';
import { CreditGate } from '../generated/credit-gate.ts';
import { InferenceCoprocessor } from '../generated/inference-coprocessor.ts';
import { encodeCall, encodeCallback } from './encode-call.ts';

const ID = `0x${'ab'.repeat(32)}`;

test('a call has the data that ethers gives it', () => {
  const data = new Interface(InferenceCoprocessor.abi).encodeFunctionData('refund', [ID]);
  assert.equal(encodeCall(InferenceCoprocessor, 'refund', [ID]), data);
  assert.equal(encodeCall(InferenceCoprocessor, 'refund', [ID]), data, 'and again');
});

test('a callback is the call that consumers here answer', () => {
  const callback = { requestId: ID, modelId: ID, outputHash: 7n, outputWords: [1n, 2n] };
  const parsed = new Interface(CreditGate.abi).parseTransaction({ data: encodeCallback(callback) });
  assert.equal(parsed?.name, 'onInference');
  assert.deepEqual(parsed?.args.toArray().flat(), [ID, ID, 7n, 1n, 2n]);
});
