import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainBlock, ChainReceipt, TransactionNode } from './chain-node.ts';
import { findInclusion } from './find-inclusion.ts';
import type { TransactionRecord } from './transaction-record.ts';

const HEAD: ChainBlock = { number: 100, hash: '0xhead', baseFeePerGas: 1n };
const RECEIPT: ChainReceipt = {
  blockNumber: 98,
  blockHash: '0x98',
  success: true,
  gasUsed: 1n,
  fee: 1n,
};

const ATTEMPT = {
  raw: '0x',
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signedAt: 0,
  firstSentAt: 0,
  sentAt: 0,
  answer: 'taken',
} as const;

const RECORD: TransactionRecord = {
  nonce: 5,
  intentId: 'a',
  call: { to: '0x', data: '0x', value: 0n },
  gasLimit: 1n,
  feeCap: 1n,
  reservedAt: 0,
  state: 'broadcast',
  cancelWanted: false,
  attempts: [
    { ...ATTEMPT, purpose: 'call', hash: '0xa' },
    { ...ATTEMPT, purpose: 'cancel', hash: '0xb' },
  ],
  inclusion: null,
  final: false,
};

/** A node with these receipts, and these hashes of blocks. */
function nodeOf(
  receipts: Readonly<Record<string, ChainReceipt>>,
  blocks: Readonly<Record<number, string>> = { 100: '0xhead', 98: '0x98' },
  used = 6,
): TransactionNode {
  return {
    block: async (number: number) => {
      const hash = blocks[number];
      return hash === undefined ? undefined : { number, hash, baseFeePerGas: 1n };
    },
    receipt: async (hash: string) => receipts[hash],
    nonceCount: async () => used,
  } as Partial<TransactionNode> as TransactionNode;
}

function fate(node: TransactionNode, confirmations = 3) {
  return findInclusion(node, '0x', RECORD, HEAD, confirmations);
}

test('a transaction is found by any of its hashes, and tells what became of the nonce', async () => {
  assert.equal((await fate(nodeOf({ '0xa': RECEIPT })))?.state, 'mined');
  assert.equal((await fate(nodeOf({ '0xb': RECEIPT })))?.state, 'cancelled');
});

test('it is final after its confirmations, in a block that the chain has', async () => {
  const receipts = { '0xa': RECEIPT };
  assert.equal((await fate(nodeOf(receipts), 3))?.final, true);
  assert.equal((await fate(nodeOf(receipts), 4))?.final, false);
  const elsewhere = nodeOf(receipts, { 100: '0xhead', 98: '0xother' });
  assert.equal((await fate(elsewhere))?.final, false);
});

test('somebody else’s is believed when the nonce was used that deep', async () => {
  const replaced = { state: 'replaced', inclusion: null, final: true };
  assert.deepEqual(await fate(nodeOf({})), replaced);
  assert.equal(await fate(nodeOf({}, undefined, 5)), undefined);
});

test('the silence of a machine that does not have the head says nothing', async () => {
  assert.equal(await fate(nodeOf({}, {})), undefined);
  assert.equal(await fate(nodeOf({}, { 100: '0xfork' })), undefined);
});

test('a chain that is shorter than the confirmations settles nothing', async () => {
  assert.equal(await fate(nodeOf({}), 102), undefined);
});
