import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError, SILENT_LOGGER } from '@zkinfer/core';
import { CallbackStatus } from '@zkinfer/verifier-contracts';
import type { StageTask } from '../jobs/stage-task.ts';
import type { StageContext } from '../jobs/stage-worker.ts';
import { CallbackHandler, type CallbackHandlerParts } from './callback-handler.ts';
import { RoundSignal } from './round-signal.ts';

const REQUEST_ID = `0x${'11'.repeat(32)}`;
const ATTEMPTS = 8;

/** A chain on which every call for a try succeeds, and no callback of a transaction does. */
function deceitful(
  state: 'mined' | 'cancelled',
  { failures = [] as string[], patienceMs = 0 } = {},
) {
  const left = [...failures];
  const submitted: string[] = [];
  const final = { final: true, state, inclusion: { hash: `0x${'22'.repeat(32)}` } };
  const handler = new CallbackHandler({
    node: {
      head: async () => {
        const code = left.shift();
        if (code !== undefined) throw new EnvironmentError({ code, what: 'it fails' });
        return { baseFeePerGas: 1n };
      },
      priorityFee: async () => 0n,
    },
    reader: {
      coprocessor: `0x${'33'.repeat(20)}`,
      request: async () => ({ callbackStatus: CallbackStatus.Failed, callbackGasLimit: 100_000n }),
      callbackWouldSucceed: async () => true,
    },
    sender: {
      status: async (id: string) => (submitted.includes(id) ? final : undefined),
      submit: async ({ id }: { id: string }) => submitted.push(id),
    },
    rounds: new RoundSignal(),
    budget: 10n ** 15n,
    attempts: ATTEMPTS,
    logger: SILENT_LOGGER,
    patienceMs,
  } as unknown as CallbackHandlerParts);
  return { handler, submitted };
}

function tried(handler: CallbackHandler, attempt: number) {
  const chain = {
    chainId: '1',
    coprocessor: `0x${'33'.repeat(20)}`,
    requestId: REQUEST_ID,
    modelId: REQUEST_ID,
    payee: `0x${'44'.repeat(20)}`,
    inputHash: '1',
    delivery: 'values',
    hasCallback: true,
  };
  const modelDigest = 'ab'.repeat(32);
  const input = { kind: 'words', words: ['1'] };
  const request = { modelDigest, input, binder: '0', chain, http: null };
  const task = { jobId: 'r-1', stage: 'callback', attempt, request } as unknown as StageTask;
  const { signal } = new AbortController();
  return handler.retry(task, { signal } as StageContext);
}

test('a callback that fails though it would have succeeded is paid for once', async () => {
  const { handler, submitted } = deceitful('mined');
  const code = 'QUEUE_CALLBACK_FAILED';
  assert.deepEqual(await tried(handler, 1), {
    result: { transactionHash: null, succeeded: false, code },
  });
  assert.equal(submitted.length, 1);
});

test('one whose transaction was given up is tried again until the last time', async () => {
  const { handler, submitted } = deceitful('cancelled');
  const code = 'QUEUE_CALLBACK_NOT_MINED';
  await assert.rejects(tried(handler, ATTEMPTS - 1), { code });
  const { result } = await tried(handler, ATTEMPTS);
  assert.deepEqual(result, { transactionHash: null, succeeded: false, code });
  assert.equal(submitted.length, 2);
});

test('a node that is away for a moment costs no try; one that stays away, and other reasons, do', async () => {
  const failures = ['CONTRACTS_RPC_UNREACHABLE', 'CONTRACTS_RPC_FAILED', 'QUEUE_LEASE_TAKEN'];
  const patient = deceitful('mined', { failures, patienceMs: 60_000 });
  const { result } = await tried(patient.handler, 1);
  assert.equal(result.code, 'QUEUE_CALLBACK_FAILED');
  assert.equal(patient.submitted.length, 1);
  const hurried = deceitful('mined', { failures });
  await assert.rejects(tried(hurried.handler, 1), { code: 'CONTRACTS_RPC_UNREACHABLE' });
  const dear = deceitful('mined', { failures: ['QUEUE_CALLBACK_TOO_DEAR'], patienceMs: 60_000 });
  await assert.rejects(tried(dear.handler, 1), { code: 'QUEUE_CALLBACK_TOO_DEAR' });
});
