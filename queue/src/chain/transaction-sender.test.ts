import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { JsonRpcApiProvider } from '@zkinfer/verifier-contracts';
import { developmentWallet, LocalChain, openProvider } from '@zkinfer/verifier-contracts/node';
import type { Store } from '../store/store.ts';
import { DyingStore, Killed } from '../testing/dying-store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import type { BroadcastAnswer, ChainBlock } from './chain-node.ts';
import type { Intent } from './intent.ts';
import { RpcChainNode } from './rpc-chain-node.ts';
import type { SendingPolicy } from './sending-policy.ts';
import { TransactionSender } from './transaction-sender.ts';

const GWEI = 1_000_000_000n;

const POLICY: SendingPolicy = {
  maxFeePerGas: 50n * GWEI,
  cancelMaxFeePerGas: 400n * GWEI,
  stuckAfterMs: 1_000,
  resendAfterMs: 400,
  giveUpAfterMs: 10_000,
  confirmations: 3,
};

/** A node that tests can make fail. */
class ShakyNode extends RpcChainNode {
  beforeBroadcast: (() => void) | undefined;
  afterBroadcast: (() => void) | undefined;
  /** Whether what is broadcast gets lost. */
  deaf = false;

  override async broadcast(signed: string): Promise<BroadcastAnswer> {
    this.beforeBroadcast?.();
    if (this.deaf) return 'unknown';
    const answer = await super.broadcast(signed);
    if (automining) await poolEmpty();
    this.afterBroadcast?.();
    return answer;
  }
}

/** A node of a chain that has no base fee. */
class LegacyNode extends ShakyNode {
  gasPrice = 10n * GWEI;

  override async head(): Promise<ChainBlock> {
    return { ...(await super.head()), baseFeePerGas: null };
  }

  override async priorityFee(): Promise<bigint> {
    return this.gasPrice;
  }
}

let chain: LocalChain;
let provider: JsonRpcApiProvider;
let snapshot: string;
const clock = { now: 1_000_000 };
const wallet = developmentWallet(1);
const receiver = developmentWallet(2).address;

before(async () => {
  chain = await LocalChain.start();
  provider = await openProvider(chain.url);
  snapshot = await rpc('evm_snapshot');
});
after(async () => {
  provider.destroy();
  await chain.stop();
});
beforeEach(async () => {
  await rpc('evm_revert', snapshot);
  await rpc('anvil_dropAllTransactions');
  await automine(true);
  // What anvil plans for the next block outlives its snapshots.
  await nextBaseFee(GWEI);
  await mine();
  snapshot = await rpc('evm_snapshot');
});

interface AnvilBlock {
  readonly transactions: readonly { from: string; to: string; value: string }[];
}

/** Past ethers, which waits for more to ask at once. */
async function rpc(method: string, ...params: unknown[]): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(chain.url, { method: 'POST', headers, body });
  const { result, error } = (await answer.json()) as { result: string; error?: unknown };
  assert.equal(error, undefined, method);
  return result;
}

const node = () => new ShakyNode(provider, 31337n);
let automining = true;
const automine = (on: boolean) => {
  automining = on;
  return rpc('evm_setAutomine', on);
};
/** anvil answers before it mines. */
async function poolEmpty(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { pending } = (await rpc('txpool_status')) as unknown as { pending: string };
    if (Number(pending) === 0) return;
  }
}
const mine = (blocks = 1) => rpc('anvil_mine', `0x${blocks.toString(16)}`);
const nextBaseFee = (fee: bigint) =>
  rpc('anvil_setNextBlockBaseFeePerGas', `0x${fee.toString(16)}`);
const nonceOf = async (account: string) =>
  Number(await rpc('eth_getTransactionCount', account, 'latest'));
const used = () => nonceOf(wallet.address);

/** A transfer of so many wei: its amount tells it apart on chain. */
function transfer(id: string, value: bigint, changes: Partial<Intent> = {}): Intent {
  return { id, call: { to: receiver, data: '0x', value }, maxCost: 10n ** 18n, ...changes };
}

function open(store: Store, changes: Partial<Parameters<typeof TransactionSender.open>[0]> = {}) {
  const holder = `holder-${Math.random()}`;
  const now = () => clock.now;
  const base = { store, node: node(), signer: wallet, policy: POLICY, holder, leaseMs: 5_000, now };
  return TransactionSender.open({ ...base, ...changes });
}

/** The amounts that the account has sent to the receiver, in the order of nonces. */
async function amountsSent(): Promise<bigint[]> {
  const amounts: bigint[] = [];
  const head = Number(await rpc('eth_blockNumber'));
  for (let number = 0; number <= head; number++) {
    const block = await rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, true);
    for (const { from, to, value } of (block as unknown as AnvilBlock).transactions) {
      const ours = from === wallet.address.toLowerCase() && to === receiver.toLowerCase();
      if (ours) amounts.push(BigInt(value));
    }
  }
  return amounts;
}

test('an intent is sent once, mined, and final after its confirmations', async () => {
  const sender = await open(new MemoryStore());
  const sent = await sender.submit(transfer('a', 5n));
  assert.deepEqual([sent.state, sent.nonce, sent.final], ['broadcast', 0, false]);
  assert.equal((await sender.advance()).open, 1);
  const mined = (await sender.status('a'))!;
  assert.deepEqual([mined.state, mined.succeeded, mined.final], ['mined', true, false]);
  await mine(2);
  assert.equal((await sender.advance()).open, 0);
  assert.equal((await sender.status('a'))!.final, true);
  assert.deepEqual(await sender.submit(transfer('a', 5n)), await sender.status('a'));
  assert.deepEqual(await amountsSent(), [5n]);
});

test('one id with another call is refused', async () => {
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 5n));
  await assert.rejects(sender.submit(transfer('a', 6n)), { code: 'QUEUE_INTENT_DIFFERS' });
});

test('many at once get nonces without gaps', async () => {
  const sender = await open(new MemoryStore());
  const ids = ['a', 'b', 'c', 'a', 'b'];
  const all = await Promise.all(ids.map((id) => sender.submit(transfer(id, 1n))));
  assert.deepEqual(new Set(all.map(({ nonce }) => nonce)), new Set([0, 1, 2]));
  assert.equal(await used(), 3);
});

test('a call that would revert is refused before a nonce is reserved', async () => {
  const store = new MemoryStore();
  const sender = await open(store);
  // PUSH0 PUSH0 REVERT
  await rpc('anvil_setCode', receiver, '0x5f5ffd');
  await assert.rejects(sender.submit(transfer('a', 0n)), { code: 'CONTRACTS_UNKNOWN_REVERT' });
  assert.equal(await sender.status('a'), undefined);
  await rpc('anvil_setCode', receiver, '0x');
  assert.equal((await sender.submit(transfer('a', 0n))).nonce, 0);
});

test('one that only reverts when it is mined is told apart, and not sent again', async () => {
  await automine(false);
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 0n, { gasLimit: 50_000n }));
  await rpc('anvil_setCode', receiver, '0x5f5ffd');
  await mine(3);
  await sender.advance();
  const { state, succeeded, final } = await sender.submit(transfer('a', 0n));
  assert.deepEqual([state, succeeded, final], ['mined', false, true]);
  assert.equal(await used(), 1);
});

test('what is worth less than the base fee takes no nonce', async () => {
  const sender = await open(new MemoryStore());
  const poor = transfer('a', 1n, { maxCost: 21_000n * 1_000n });
  await assert.rejects(sender.submit(poor), { code: 'QUEUE_FEE_ABOVE_CAP' });
  assert.equal(await sender.status('a'), undefined);
});

for (const commits of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`killed after ${commits} commits, the next process completes it without gap or repetition`, async () => {
    const store = new MemoryStore();
    const dying = await open(new DyingStore(store, commits));
    const wanted = [transfer('a', 1n), transfer('b', 2n)];
    for (const intent of wanted) await dying.submit(intent).catch(() => {});
    await dying.advance().catch(() => {});
    clock.now += 5_000;
    const next = await open(store);
    for (const intent of wanted) await next.submit(intent);
    await next.advance();
    await mine(3);
    assert.deepEqual(await next.advance(), { open: 0, refused: 0 });
    assert.deepEqual((await amountsSent()).sort(), [1n, 2n]);
    assert.equal(await used(), 2);
  });
}

for (const point of ['beforeBroadcast', 'afterBroadcast'] as const) {
  test(`killed ${point}, mined or not, the next process sends the same transaction`, async () => {
    for (const on of [true, false]) {
      await automine(on);
      const store = new MemoryStore();
      const shaky = node();
      shaky[point] = () => {
        throw new Killed();
      };
      const dying = await open(store, { node: shaky });
      const intent = transfer(`a-${on}`, on ? 1n : 2n);
      await assert.rejects(dying.submit(intent), Killed);
      clock.now += 5_000;
      const next = await open(store);
      const { hashes } = await next.submit(intent);
      await next.advance();
      await mine(3);
      await next.advance();
      const { state, hashes: all } = (await next.status(intent.id))!;
      assert.equal(state, 'mined');
      assert.deepEqual(all, hashes);
    }
    assert.deepEqual(await amountsSent(), [1n, 2n]);
  });
}

test('a node that gives no answer may have it or not: it is sent again until it is mined', async () => {
  const store = new MemoryStore();
  const shaky = node();
  shaky.deaf = true;
  const sender = await open(store, { node: shaky });
  assert.equal((await sender.submit(transfer('a', 1n))).state, 'signed');
  assert.deepEqual(await sender.advance(), { open: 1, refused: 1 });
  shaky.deaf = false;
  await sender.advance();
  await sender.advance();
  assert.equal((await sender.status('a'))!.hashes.length, 1);
  assert.equal((await sender.status('a'))!.state, 'mined');
});

test('stuck below the base fee, it is replaced by one that pays, under the same nonce', async () => {
  await automine(false);
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 1n));
  await sender.submit(transfer('b', 2n));
  await nextBaseFee(20n * GWEI);
  await mine();
  await sender.advance();
  assert.equal(await used(), 0);
  assert.equal((await sender.status('a'))!.hashes.length, 1);
  clock.now += POLICY.stuckAfterMs;
  await sender.advance();
  assert.equal((await sender.status('a'))!.hashes.length, 2);
  await mine(3);
  await sender.advance();
  const mined = (await sender.status('a'))!;
  assert.deepEqual([mined.state, mined.inclusion?.hash], ['mined', mined.hashes[1]]);
  assert.deepEqual(await amountsSent(), [1n, 2n]);
});

test('on a chain without a base fee the offer is a gas price, and outbid when it is stuck', async () => {
  await automine(false);
  const sender = await open(new MemoryStore(), { node: new LegacyNode(provider, 31337n) });
  await sender.submit(transfer('old', 1n));
  const first = await gasPriceOffered();
  assert.equal(first, 10n * GWEI);
  clock.now += POLICY.stuckAfterMs;
  await sender.advance();
  assert.equal(await gasPriceOffered(), (first * 9n) / 8n);
  await mine();
  await sender.advance();
  assert.equal((await sender.status('old'))?.succeeded, true);
});

/** Of the one transaction in the pool, which must be of type 0. */
async function gasPriceOffered(): Promise<bigint> {
  const { pending } = (await rpc('txpool_content')) as unknown as {
    pending: Record<string, Record<string, { type: string; gasPrice: string }>>;
  };
  const [sent] = Object.values(Object.values(pending)[0]!);
  assert.equal(Number(sent!.type), 0);
  return BigInt(sent!.gasPrice);
}

test('where its worth is reached, an empty transfer takes its place', async () => {
  await automine(false);
  const sender = await open(new MemoryStore());
  const cheap = transfer('a', 1n, { gasLimit: 30_000n, maxCost: 30_000n * 4n * GWEI });
  await sender.submit(cheap);
  await sender.submit(transfer('b', 2n));
  await nextBaseFee(20n * GWEI);
  await mine();
  for (let round = 0; round < 10; round++) {
    clock.now += POLICY.stuckAfterMs;
    await sender.advance();
    if (round === 5) assert.equal((await sender.status('a'))!.state, 'broadcast');
  }
  await mine();
  await sender.advance();
  // Not before that is final: the call could still be mined in its place.
  const early = await sender.submit(cheap);
  assert.deepEqual([early.state, early.final, early.nonce], ['cancelled', false, 0]);
  await mine(2);
  await sender.advance();
  const { state, final, succeeded } = (await sender.status('a'))!;
  assert.deepEqual([state, final, succeeded], ['cancelled', true, false]);
  assert.deepEqual(await amountsSent(), [2n]);
  await automine(true);
  const again = await sender.submit(transfer('a', 1n));
  assert.equal(again.nonce, 2);
  assert.deepEqual(await amountsSent(), [2n, 1n]);
});

test('an intent that is given up in time is not made; one that is mined before is', async () => {
  await automine(false);
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 1n));
  await mine();
  await sender.submit(transfer('b', 2n));
  assert.equal(await sender.cancel('a'), true);
  assert.equal(await sender.cancel('b'), true);
  assert.equal(await sender.cancel('c'), false);
  await sender.advance();
  await mine(3);
  await sender.advance();
  assert.equal((await sender.status('a'))!.state, 'mined');
  assert.equal((await sender.status('b'))!.state, 'cancelled');
  assert.deepEqual(await amountsSent(), [1n]);
});

test('one that nodes have dropped is sent again', async () => {
  await automine(false);
  const sender = await open(new MemoryStore());
  const { hashes } = await sender.submit(transfer('a', 1n));
  await rpc('anvil_dropTransaction', hashes[0]);
  await sender.advance();
  await mine();
  assert.equal(await used(), 0);
  clock.now += POLICY.resendAfterMs;
  await sender.advance();
  await mine();
  await sender.advance();
  assert.deepEqual((await sender.status('a'))!.hashes, hashes);
  assert.equal((await sender.status('a'))!.state, 'mined');
});

test('one whose block is gone is sent again and mined again', async () => {
  const sender = await open(new MemoryStore());
  const before = await rpc('evm_snapshot');
  await sender.submit(transfer('a', 1n));
  await sender.advance();
  const first = (await sender.status('a'))!.inclusion!;
  await rpc('evm_revert', before);
  await mine(2);
  assert.equal(await used(), 0);
  await sender.advance();
  await sender.advance();
  const second = (await sender.status('a'))!;
  assert.equal(second.state, 'mined');
  assert.notEqual(second.inclusion!.blockHash, first.blockHash);
  assert.equal(second.hashes.length, 1);
});

test('what was final in a block that is gone is sent again before anything new', async () => {
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 1n));
  await mine(3);
  await sender.advance();
  assert.equal((await sender.status('a'))!.final, true);
  await automine(false);
  await rpc('anvil_reorg', 4, []);
  await rpc('anvil_dropAllTransactions');
  await assert.rejects(sender.submit(transfer('b', 2n)), { code: 'QUEUE_NONCES_REOPENED' });
  const lost = (await sender.status('a'))!;
  assert.deepEqual([lost.state, lost.final, lost.inclusion], ['broadcast', false, null]);
  await sender.submit(transfer('b', 2n));
  await sender.advance();
  await mine(3);
  await sender.advance();
  assert.equal((await sender.status('a'))!.final, true);
  assert.deepEqual(await amountsSent(), [1n, 2n]);
});

test('one that can never be mined is cancelled, so that those behind it go on', async () => {
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 1n, { gasLimit: 20_000n }));
  await sender.submit(transfer('b', 2n));
  await sender.advance();
  await mine(3);
  await sender.advance();
  assert.equal((await sender.status('a'))!.state, 'cancelled');
  assert.deepEqual(await amountsSent(), [2n]);
});

test('a nonce that somebody else used is noticed; the intent gets another when that is final', async () => {
  const sender = await open(new MemoryStore());
  const shaky = node();
  shaky.deaf = true;
  const store = new MemoryStore();
  const robbed = await open(store, { node: shaky });
  await robbed.submit(transfer('a', 1n));
  await sender.submit(transfer('foreign', 7n));
  shaky.deaf = false;
  await robbed.advance();
  assert.equal((await robbed.submit(transfer('a', 1n))).final, false);
  await mine(2);
  await robbed.advance();
  assert.equal((await robbed.status('a'))!.state, 'replaced');
  assert.equal((await robbed.submit(transfer('a', 1n))).nonce, 1);
  assert.deepEqual(await amountsSent(), [7n, 1n]);
});

test('nonces that were used elsewhere are passed over', async () => {
  const sender = await open(new MemoryStore());
  await sender.submit(transfer('a', 1n));
  await (await open(new MemoryStore())).submit(transfer('foreign', 2n));
  assert.equal((await sender.submit(transfer('b', 3n))).nonce, 2);
  assert.deepEqual(await amountsSent(), [1n, 2n, 3n]);
});

test('of two senders one has the signer; the other takes over when it ends or dies', async () => {
  const store = new MemoryStore();
  const [first, second] = [await open(store), await open(store)];
  await first.submit(transfer('a', 1n));
  await assert.rejects(second.submit(transfer('b', 2n)), { code: 'QUEUE_LEASE_TAKEN' });
  await assert.rejects(second.advance(), { code: 'QUEUE_LEASE_TAKEN' });
  // Known intents are told, whoever sends them.
  assert.equal((await second.submit(transfer('a', 1n))).state, 'broadcast');
  await first.close();
  await second.submit(transfer('b', 2n));
  clock.now += 5_000;
  await first.submit(transfer('c', 3n));
  await assert.rejects(second.submit(transfer('d', 4n)), { code: 'QUEUE_LEASE_TAKEN' });
  assert.deepEqual(await amountsSent(), [1n, 2n, 3n]);
});

test('a sender that was overtaken in the middle of its work changes nothing more', async () => {
  const store = new MemoryStore();
  const shaky = node();
  const old = await open(store, { node: shaky });
  shaky.beforeBroadcast = () => {
    clock.now += 4_999;
  };
  shaky.afterBroadcast = () => {
    clock.now += 1;
  };
  const overtaking = await open(store);
  const submit = shaky.broadcast.bind(shaky);
  shaky.broadcast = async (raw) => {
    const answer = await submit(raw);
    await overtaking.advance();
    return answer;
  };
  await assert.rejects(old.submit(transfer('a', 1n)), { code: /QUEUE_LEASE_(LOST|TAKEN)/ });
  await overtaking.advance();
  assert.equal((await overtaking.status('a'))!.state, 'mined');
  assert.deepEqual(await amountsSent(), [1n]);
});

test('a sender that was paused past its lease reserves nothing', async () => {
  const store = new MemoryStore();
  const slow = node();
  const old = await open(store, { node: slow });
  const overtaking = await open(store);
  slow.priorityFee = async () => {
    clock.now += 5_000;
    await overtaking.advance();
    return GWEI;
  };
  await assert.rejects(old.submit(transfer('a', 1n)), { code: 'QUEUE_LEASE_LOST' });
  assert.equal(await overtaking.status('a'), undefined);
});

test('two signers never send one intent twice', async () => {
  const store = new MemoryStore();
  const one = await open(store);
  const other = await open(store, { signer: developmentWallet(3) });
  const both = [one.submit(transfer('a', 1n)), other.submit(transfer('a', 1n))];
  const [first, second] = await Promise.all(both);
  assert.deepEqual(first!.nonce, second!.nonce);
  const counts = [await used(), await nonceOf(other.address)];
  assert.deepEqual(counts.sort(), [0, 1]);
});

test('the loop does it by itself, and closing gives the signer back', async () => {
  const store = new MemoryStore();
  const sender = await open(store);
  sender.start(5);
  await sender.submit(transfer('a', 1n));
  await mine(3);
  while (!(await sender.status('a'))?.final) await new Promise((end) => setTimeout(end, 5));
  await sender.close();
  await (await open(store)).advance();
});

test('final intents are forgotten when they are old; open and younger ones are not', async () => {
  const store = new MemoryStore();
  const sender = await open(store);
  await sender.submit(transfer('old', 1n));
  await mine(3);
  await sender.advance();
  clock.now += 1_000;
  await sender.submit(transfer('young', 2n));
  await mine(3);
  await sender.advance();
  await automine(false);
  await sender.submit(transfer('open', 3n));
  assert.equal(await sender.prune(clock.now), 1);
  const left = ['old', 'young', 'open'].map(async (id) => (await sender.status(id))?.state);
  assert.deepEqual(await Promise.all(left), [undefined, 'mined', 'broadcast']);
  assert.equal(await sender.prune(clock.now + 1), 1, 'what is open stays, however old');
  assert.equal((await sender.status('open'))?.state, 'broadcast');
});

test('no key is in what is stored', async () => {
  const store = new MemoryStore();
  await (await open(store)).submit(transfer('a', 1n));
  const entries: unknown[] = [];
  for await (const entry of store.list('')) entries.push(entry);
  assert.ok(JSON.stringify(entries).length > 500);
  assert.ok(!JSON.stringify(entries).includes(wallet.privateKey.slice(2)));
});
