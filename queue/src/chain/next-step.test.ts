import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep, type StreamView } from './next-step.ts';
import type { SendingPolicy } from './sending-policy.ts';
import type { TransactionAttempt, TransactionRecord } from './transaction-record.ts';

const POLICY: SendingPolicy = {
  maxFeePerGas: 1_000n,
  cancelMaxFeePerGas: 5_000n,
  stuckAfterMs: 100,
  resendAfterMs: 30,
  giveUpAfterMs: 1_000,
  confirmations: 1,
};

const ATTEMPT: TransactionAttempt = {
  purpose: 'call',
  hash: '0x01',
  raw: '0x02',
  maxFeePerGas: 400n,
  maxPriorityFeePerGas: 4n,
  signedAt: 0,
  firstSentAt: 0,
  sentAt: 0,
  answer: 'taken',
};

function recordOf(
  attempt: Partial<TransactionAttempt> | null,
  changes: Partial<TransactionRecord> = {},
): TransactionRecord {
  return {
    nonce: 5,
    intentId: 'a',
    call: { to: '0x', data: '0x', value: 0n },
    gasLimit: 1n,
    feeCap: 1_000n,
    reservedAt: 0,
    state: 'broadcast',
    cancelWanted: false,
    attempts: attempt === null ? [] : [{ ...ATTEMPT, ...attempt }],
    inclusion: null,
    final: false,
    ...changes,
  };
}

function doing(record: TransactionRecord, view: Partial<StreamView> = {}): string {
  const market = { baseFeePerGas: 100n, priorityFeePerGas: 4n };
  const step = nextStep(record, { now: 0, used: 5, market, ...view }, POLICY);
  return step.do === 'sign' ? step.purpose : step.do;
}

const DEAR = { baseFeePerGas: 600n, priorityFeePerGas: 4n };

test('what is reserved is signed: the call, or an empty transfer when it is not wanted', () => {
  assert.equal(doing(recordOf(null)), 'call');
  assert.equal(doing(recordOf(null, { cancelWanted: true })), 'cancel');
});

test('what was never sent is sent, however old it is', () => {
  assert.equal(
    doing(recordOf({ firstSentAt: null, sentAt: null, answer: null }), { now: 900 }),
    'send',
  );
});

test('what was taken waits, and is sent again from time to time', () => {
  assert.equal(doing(recordOf({}), { now: 29 }), 'wait');
  assert.equal(doing(recordOf({}), { now: 30 }), 'send');
});

test('what got no answer, or could not be paid, is sent again at once', () => {
  assert.equal(doing(recordOf({ answer: 'unknown' })), 'send');
  assert.equal(doing(recordOf({ answer: 'no-funds' })), 'send');
});

test('what is not mined in time is replaced; behind others only if it pays too little', () => {
  assert.equal(doing(recordOf({ sentAt: 99 }), { now: 99 }), 'wait');
  assert.equal(doing(recordOf({ sentAt: 99 }), { now: 100 }), 'call');
  assert.equal(doing(recordOf({ sentAt: 99 }), { now: 100, used: 4 }), 'wait');
  assert.equal(doing(recordOf({ sentAt: 99 }), { now: 100, used: 4, market: DEAR }), 'call');
});

test('what was refused for its price is replaced at once', () => {
  assert.equal(doing(recordOf({ answer: 'underpriced' })), 'call');
  assert.equal(doing(recordOf({ answer: 'fee-too-low' })), 'call');
});

test('at its cap it is kept until it is given up, then cancelled', () => {
  const atCap = recordOf({ maxFeePerGas: 1_000n, sentAt: 990 });
  assert.equal(doing(atCap, { now: 999 }), 'wait');
  assert.equal(doing(atCap, { now: 1_000 }), 'cancel');
});

test('a cancellation is never followed by the call again, and has a cap of its own', () => {
  const cancelling = recordOf({ purpose: 'cancel', sentAt: 100 });
  assert.equal(doing(cancelling, { now: 100 }), 'cancel');
  const atCap = recordOf({ purpose: 'cancel', maxFeePerGas: 5_000n, sentAt: 100 });
  assert.equal(doing(atCap, { now: 100 }), 'wait');
});

test('what can never be mined, or is not wanted, is cancelled', () => {
  assert.equal(doing(recordOf({ answer: 'invalid' })), 'cancel');
  assert.equal(doing(recordOf({}, { cancelWanted: true })), 'cancel');
});
