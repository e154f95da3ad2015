import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ZkinferError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { ABSENT, type Store, type StoreOperation } from '../store/store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { nameOfEvent, PING, PING_ADDRESS, SimulatedChain } from '../testing/simulated-chain.ts';
import { ChainFollower, type ChainFollowerOptions, type ChainUpdate } from './chain-follower.ts';
import type { LogNode } from './chain-node.ts';

type Pings = { Ping: { n: bigint } };

const random = seededRandom(announceSeed());

function setUp(changes: Partial<ChainFollowerOptions<Pings>> = {}) {
  const chain = new SimulatedChain(random);
  const store = new MemoryStore();
  const options: ChainFollowerOptions<Pings> = {
    store,
    node: chain,
    chainId: 1n,
    artifact: PING,
    address: PING_ADDRESS,
    startBlock: 0,
    confirmations: 3,
    overlap: 8,
    handle: async (update) => noted(update),
    ...changes,
  };
  return { chain, store, options, follower: new ChainFollower(options) };
}

/** One entry for each event that holds, under preconditions that nothing is told twice. */
function noted({ confirmed, seen, retracted }: ChainUpdate<Pings>): StoreOperation[] {
  const put = (kind: string, event: Parameters<typeof nameOfEvent>[0]): StoreOperation => ({
    type: 'put',
    key: `${kind}/${nameOfEvent(event)}`,
    value: 1,
    ifVersion: ABSENT,
  });
  return [
    ...retracted.map((event): StoreOperation => {
      const kind = event.wasConfirmed ? 'confirmed' : 'seen';
      return { type: 'delete', key: `${kind}/${nameOfEvent(event)}` };
    }),
    ...seen.map((event) => put('seen', event)),
    ...confirmed.map((event) => put('confirmed', event)),
    ...confirmed.map((event) => ({ type: 'delete', key: `seen/${nameOfEvent(event)}` }) as const),
  ];
}

async function namesOf(store: Store, kind: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list(`${kind}/`)) names.push(key.slice(kind.length + 1));
  return names;
}

/** A node to change: methods of classes are not copied. */
function through(chain: SimulatedChain): LogNode {
  return {
    head: () => chain.head(),
    block: (number) => chain.block(number),
    tagged: () => chain.tagged(),
    logs: (...range) => chain.logs(...range),
  };
}

/** What was told is what the chain has. */
async function assertAgree(chain: SimulatedChain, store: Store, confirmations: number) {
  const final = chain.eventsUpTo(chain.height - confirmations + 1);
  const all = chain.eventsUpTo(chain.height);
  assert.deepEqual((await namesOf(store, 'confirmed')).sort(), final.sort());
  const open = all.filter((name) => !final.includes(name));
  assert.deepEqual((await namesOf(store, 'seen')).sort(), open.sort());
}

test('events are seen at once and confirmed when they are deep enough, each once', async () => {
  const { chain, store, follower } = setUp();
  for (const blocks of [1, 2, 1, 7]) {
    chain.grow(blocks);
    await follower.poll();
    await follower.poll();
    await assertAgree(chain, store, 3);
  }
});

test('where the chain itself says what is final, that counts instead of depth', async () => {
  const { chain, store, follower } = setUp({ confirmations: 'finalized' });
  chain.grow(10);
  await follower.poll();
  assert.deepEqual(await namesOf(store, 'confirmed'), []);
  chain.finalHeight = 7;
  await follower.poll();
  await assertAgree(chain, store, chain.height - 7 + 1);
});

test('events come decoded, with the block they are in', async () => {
  const updates: ChainUpdate<Pings>[] = [];
  const handle = async (update: ChainUpdate<Pings>) => {
    updates.push(update);
    return [];
  };
  const { chain, follower } = setUp({ handle, confirmations: 1 });
  chain.grow(20);
  await follower.poll();
  const [event] = updates[0]!.confirmed;
  assert.deepEqual([event!.name, event!.args], ['Ping', { n: BigInt(event!.logIndex) }]);
  assert.equal(event!.blockHash, (await chain.block(event!.blockNumber))!.hash);
});

test('a reorganisation takes back what was seen, and what is confirmed stays', async () => {
  const { chain, store, follower } = setUp({ confirmations: 5 });
  chain.grow(12);
  for (let i = 0; i < 2; i++) {
    await follower.poll();
    chain.reorganise(3);
  }
  await follower.poll();
  await assertAgree(chain, store, 5);
});

test('one deeper than the confirmations takes back what was confirmed, and says so', async () => {
  const { chain, store, follower } = setUp({ confirmations: 2 });
  for (let i = 0; i < 40; i++) {
    chain.grow(1);
    await follower.poll();
  }
  chain.reorganise(30);
  await follower.poll();
  await assertAgree(chain, store, 2);
});

test('a chain that has nothing of what was followed is refused', async () => {
  const { chain, options, follower } = setUp({ confirmations: 1 });
  chain.grow(5);
  await follower.poll();
  const other = new SimulatedChain(random);
  other.grow(9);
  chain.reorganise(5);
  const elsewhere = new ChainFollower({ ...options, node: other });
  await assert.rejects(elsewhere.poll(), { code: 'QUEUE_CHAIN_REPLACED' });
});

test('a node that lags behind changes nothing, and is told apart from a shorter chain', async () => {
  const { chain, store, options, follower } = setUp({ confirmations: 1 });
  for (let i = 0; i < 10; i++) {
    chain.grow(1);
    await follower.poll();
  }
  const late: LogNode = { ...through(chain), head: async () => (await chain.block(7))! };
  const summary = await new ChainFollower({ ...options, node: late }).poll();
  assert.deepEqual(summary, { head: 7, confirmedTo: 10, behind: true });
  await assertAgree(chain, store, 1);
  chain.reorganise(6);
  assert.equal((await new ChainFollower({ ...options, node: late }).poll()).behind, false);
});

test('events that a node does not tell of are not gone while it has their block', async () => {
  const { chain, store, options, follower } = setUp();
  chain.grow(20);
  await follower.poll();
  const silent: LogNode = { ...through(chain), logs: async () => [] };
  const misled = new ChainFollower({ ...options, node: silent });
  await assert.rejects(misled.poll(), { code: 'QUEUE_CHAIN_INCONSISTENT' });
  await assertAgree(chain, store, 3);
});

test('events of a block that the chain does not have are not confirmed', async () => {
  const { chain, store, options, follower } = setUp();
  chain.grow(20);
  const old = await chain.logs(PING_ADDRESS, 0, 20);
  chain.reorganise(20);
  const mixed: LogNode = { ...through(chain), logs: async () => old };
  const misled = new ChainFollower({ ...options, node: mixed });
  await assert.rejects(misled.poll(), { code: 'QUEUE_CHAIN_INCONSISTENT' });
  await follower.poll();
  await assertAgree(chain, store, 3);
});

test('the window shrinks until the node takes it, is remembered, and grows again', async () => {
  const { chain, store, options, follower } = setUp({ firstWindow: 2_000 });
  chain.grow(800);
  chain.largestRange = 200;
  await follower.poll();
  await assertAgree(chain, store, 3);
  assert.ok(chain.asked.some(([from, to]) => to - from + 1 > 200));
  chain.asked.length = 0;
  chain.grow(300);
  await new ChainFollower(options).poll();
  assert.ok(chain.asked[0]![1] - chain.asked[0]![0] + 1 <= 300);
});

test('a node that refuses any window is given up for this round, and smaller ones tried in the next', async () => {
  const { chain, store, follower } = setUp();
  chain.grow(100);
  chain.largestRange = 3;
  for (let rounds = 0; ; rounds++) {
    const error = await follower.poll().catch((thrown) => thrown);
    if (!(error instanceof ZkinferError)) break;
    assert.equal(error.code, 'CONTRACTS_RPC_FAILED');
    assert.ok(rounds < 40);
  }
  await assertAgree(chain, store, 3);
});

test('a handler whose precondition fails decides again; one that never gets through fails alone', async () => {
  let calls = 0;
  const stubborn = async (): Promise<StoreOperation[]> => {
    calls += 1;
    return [{ type: 'check', key: 'x', ifVersion: calls < 3 ? 77 : ABSENT }];
  };
  const { chain, follower } = setUp({ handle: stubborn });
  chain.grow(30);
  await follower.poll();
  assert.equal(calls, 3);
  calls = -10;
  chain.grow(30);
  await assert.rejects(follower.poll(), { code: 'QUEUE_FOLLOWER_OVERTAKEN' });
});

test('two followers of one contract do not tell twice: one is refused', async () => {
  const { chain, store, options, follower } = setUp();
  chain.grow(30);
  const other = new ChainFollower(options);
  const results = await Promise.allSettled([follower.poll(), other.poll()]);
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 1);
  await assertAgree(chain, store, 3);
});

test('what is too old to be taken back is forgotten', async () => {
  const { chain, store, follower } = setUp();
  for (let i = 0; i < 100; i++) {
    chain.grow(2);
    await follower.poll();
  }
  assert.ok((await namesOf(store, 'chain-log')).length < 2 * (2 * 64 + 8 + 8));
  await assertAgree(chain, store, 3);
});

test('whatever the chain and the endpoint do, and whenever it is restarted, each event is told once', async () => {
  for (let run = 0; run < 12; run++) {
    const confirmations = random.int(1, 6);
    const { chain, store, options } = setUp({ confirmations, firstWindow: random.int(1, 50) });
    let follower = new ChainFollower(options);
    for (let step = 0; step < 60; step++) {
      chain.faults = { stale: 0.2, failing: 0.05, doubled: 0.3 };
      if (random.boolean(0.7)) chain.grow(random.int(0, 6));
      else if (chain.height > 20) chain.reorganise(random.int(1, 5));
      if (random.boolean(0.2)) follower = new ChainFollower(options);
      await follower.poll().catch((error) => {
        assert.match(error.code, /^(CONTRACTS_RPC_|QUEUE_CHAIN_INCONSISTENT)/);
      });
    }
    chain.faults = { stale: 0, failing: 0, doubled: 0 };
    chain.grow(1);
    await follower.poll();
    await assertAgree(chain, store, confirmations);
  }
});
