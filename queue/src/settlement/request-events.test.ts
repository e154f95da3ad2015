import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CoprocessorEvents, Delivery } from '@zkinfer/verifier-contracts';
import type { ChainUpdate, FollowedEvent, RetractedEvent } from '../chain/chain-follower.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { RequestBook } from './request-book.ts';
import { requestsAfter } from './request-events.ts';

type Event = FollowedEvent<CoprocessorEvents>;

const ADDRESS = `0x${'aa'.repeat(20)}`;
const ID = `0x${'01'.repeat(32)}`;
const HASH = `0x${'ff'.repeat(32)}`;
const PLACE = { address: ADDRESS, blockNumber: 5, blockHash: HASH, transactionHash: HASH };

const requested: Event = {
  ...PLACE,
  name: 'InferenceRequested',
  logIndex: 0,
  args: {
    requestId: ID,
    requester: ADDRESS,
    modelId: HASH,
    terms: {
      ...{ modelId: HASH, inputHash: 7n, token: ADDRESS, modelPrice: 1n, workerFee: 2n },
      ...{ deadline: 9n, delivery: Delivery.Commitment, callbackGasLimit: 0n },
      ...{ callbackGasPrice: 0n, refundAddress: ADDRESS, nonce: 0n },
    },
    inputWords: [3n],
    inputUri: '',
  },
};

const fulfilled: Event = {
  ...PLACE,
  name: 'InferenceFulfilled',
  logIndex: 1,
  args: {
    ...{ requestId: ID, payee: ADDRESS, modelId: HASH, outputHash: 1n },
    ...{ outputWords: [], submitter: ADDRESS },
  },
};

const refunded: Event = {
  ...PLACE,
  name: 'RequestRefunded',
  logIndex: 2,
  args: { requestId: ID, refundAddress: ADDRESS, caller: ADDRESS },
};

const undone = (event: Event, wasConfirmed = true) =>
  ({ ...event, wasConfirmed }) as RetractedEvent<CoprocessorEvents>;

/** The state after each update; each is worked through twice, as after a failed commit. */
async function statesAfter(...updates: Partial<ChainUpdate<CoprocessorEvents>>[]) {
  const store = new MemoryStore();
  const book = new RequestBook(store, 1n, ADDRESS);
  const states: (string | undefined)[] = [];
  for (const update of updates) {
    const whole = { confirmed: [], seen: [], retracted: [], ...update };
    await requestsAfter(whole, book, 1_000);
    const { operations } = await requestsAfter(whole, book, 1_000);
    const { committed } = await store.commit(operations);
    assert.ok(committed);
    states.push((await book.get(ID))?.record.state);
  }
  return { states, book };
}

test('a request is kept with its terms when it is confirmed, not when it is seen', async () => {
  const { states, book } = await statesAfter({ seen: [requested] }, { confirmed: [requested] });
  assert.deepEqual(states, [undefined, 'open']);
  const { record } = (await book.get(ID))!;
  assert.deepEqual(
    [record.inputWords, record.delivery, record.workerFee, record.heardAt],
    [['3'], 'commitment', '2', 1_000],
  );
});

for (const [end, state] of [
  [fulfilled, 'fulfilled'],
  [refunded, 'refunded'],
] as const) {
  test(`${end.name} ends it, in the same update too; without its block it is open again`, async () => {
    const apart = await statesAfter({ confirmed: [requested] }, { confirmed: [end] });
    assert.deepEqual(apart.states, ['open', state]);
    const together = await statesAfter(
      { confirmed: [requested, end] },
      { retracted: [undone(end)] },
    );
    assert.deepEqual(together.states, [state, 'open']);
    assert.equal((await together.book.get(ID))!.record.fulfilment, null);
  });
}

test('a request without its block is gone, with all that came of it; and open when it is back', async () => {
  const { states } = await statesAfter(
    { confirmed: [requested, fulfilled] },
    { retracted: [undone(requested), undone(fulfilled)] },
    { confirmed: [requested] },
  );
  assert.deepEqual(states, ['fulfilled', 'gone', 'open']);
});

test('in another block at once it is as if nothing had happened', async () => {
  const { states } = await statesAfter(
    { confirmed: [requested, fulfilled] },
    { retracted: [undone(requested), undone(fulfilled)], confirmed: [requested, fulfilled] },
  );
  assert.deepEqual(states, ['fulfilled', 'fulfilled']);
});

test('what was only seen changes nothing by going, and ends of unknown requests neither', async () => {
  const { states } = await statesAfter(
    { confirmed: [fulfilled] },
    { confirmed: [requested] },
    { retracted: [undone(fulfilled, false)] },
  );
  assert.deepEqual(states, [undefined, 'open', 'open']);
});

test('requests are listed and counted by their state alone', async () => {
  const { book } = await statesAfter({ confirmed: [requested] }, { confirmed: [fulfilled] });
  assert.deepEqual([await book.count('open'), await book.count('fulfilled')], [0, 1]);
  assert.deepEqual(await book.prune('fulfilled', 1_000), []);
  assert.deepEqual(await book.prune('fulfilled', 1_001), [ID]);
  assert.equal(await book.get(ID), undefined);
  assert.equal(await book.count('fulfilled'), 0);
});
