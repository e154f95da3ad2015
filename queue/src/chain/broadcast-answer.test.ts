import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broadcastAnswerOf } from './broadcast-answer.ts';
import type { BroadcastAnswer } from './chain-node.ts';

/** Messages of geth, Nethermind, Besu, Erigon, Reth, Nitro and anvil. */
const SAID: readonly (readonly [string, BroadcastAnswer])[] = [
  ['already known', 'taken'],
  ['AlreadyKnown', 'taken'],
  ['Known transaction', 'taken'],
  ['transaction already imported', 'taken'],
  ['nonce too low: next nonce 5, tx nonce 4', 'nonce-used'],
  ['OldNonce', 'nonce-used'],
  ['NONCE_TOO_LOW', 'nonce-used'],
  ['replacement transaction underpriced', 'underpriced'],
  ['ReplacementNotAllowed', 'underpriced'],
  ['transaction underpriced', 'fee-too-low'],
  ['max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1', 'fee-too-low'],
  ['FeeTooLow', 'fee-too-low'],
  ['insufficient funds for gas * price + value', 'no-funds'],
  ['Insufficient funds for gas * price + value', 'no-funds'],
  ['intrinsic gas too low', 'invalid'],
  ['intrinsic gas too high -- tx.gas_limit > env.block.gas_limit', 'invalid'],
  ['exceeds block gas limit', 'invalid'],
  ['txpool is full', 'unknown'],
  ['rate limited', 'unknown'],
];

for (const [message, answer] of SAID) {
  test(`"${message}" means ${answer}`, () => {
    assert.equal(broadcastAnswerOf({ error: { code: -32000, message } }), answer);
    assert.equal(broadcastAnswerOf({ info: { error: { message } } }), answer);
  });
}

test('what ethers says around it, which quotes the request, is not read', () => {
  const error = { message: 'already known', error: { message: 'overloaded' } };
  assert.equal(broadcastAnswerOf(error), 'unknown');
});

test('no answer is unknown', () => {
  assert.equal(broadcastAnswerOf(new Error('ECONNRESET')), 'unknown');
});
