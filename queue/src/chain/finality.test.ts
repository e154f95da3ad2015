import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainBlock, FinalityTag } from './chain-node.ts';
import { finalBlockNumber } from './finality.ts';

const block = (number: number): ChainBlock => ({ number, hash: '0x', baseFeePerGas: 1n });
const node = (numbers: Partial<Record<FinalityTag, number>>) => ({
  async tagged(tag: FinalityTag) {
    const number = numbers[tag];
    return number === undefined ? undefined : block(number);
  },
});

test('a number of blocks counts from the head, its own block included', async () => {
  assert.equal(await finalBlockNumber(node({}), block(10), 1), 10);
  assert.equal(await finalBlockNumber(node({}), block(10), 12), -1);
});

test('a tag is the chain’s own word, but never beyond the head that is looked at', async () => {
  const tags = node({ safe: 8, finalized: 4 });
  assert.equal(await finalBlockNumber(tags, block(10), 'safe'), 8);
  assert.equal(await finalBlockNumber(tags, block(10), 'finalized'), 4);
  assert.equal(await finalBlockNumber(tags, block(6), 'safe'), 6);
});

test('without a block of that name nothing is final', async () => {
  assert.equal(await finalBlockNumber(node({}), block(10), 'finalized'), -1);
});
