import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonRpcApiProvider } from '@zkinfer/verifier-contracts';
import { RpcChainNode } from './rpc-chain-node.ts';

const HASH = `0x${'ab'.repeat(32)}`;

/** A node with these answers to `send`, whose blocks have this base fee. */
function nodeOf(baseFeePerGas: bigint | null, answers: Record<string, string>) {
  const asked: string[] = [];
  const provider = {
    getBlock: async () => ({ number: 7, hash: HASH, baseFeePerGas }),
    send: async (method: string) => {
      asked.push(method);
      const answer = answers[method];
      if (answer === undefined) throw new Error('unknown method');
      return answer;
    },
  };
  return { asked, node: new RpcChainNode(provider as unknown as JsonRpcApiProvider, 1n) };
}

test('without a base fee the gas price is asked for, from the first question on', async () => {
  const { node, asked } = nodeOf(null, { eth_gasPrice: '0x10' });
  assert.equal(await node.priorityFee(), 16n);
  assert.equal((await node.head()).baseFeePerGas, null);
  assert.equal(await node.priorityFee(), 16n);
  assert.deepEqual(asked, ['eth_gasPrice', 'eth_gasPrice']);
});

test('with one it is the priority fee, or a gwei where the node suggests none', async () => {
  const answers = { eth_maxPriorityFeePerGas: '0x20', eth_gasPrice: '0x10' };
  assert.equal(await nodeOf(1n, answers).node.priorityFee(), 32n);
  assert.equal(await nodeOf(1n, {}).node.priorityFee(), 1_000_000_000n);
});

test('a gas price that nobody tells is an error: a guess could be far off', async () => {
  await assert.rejects(nodeOf(null, {}).node.priorityFee());
});
