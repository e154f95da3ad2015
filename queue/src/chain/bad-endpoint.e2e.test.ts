/**
 * Requests are followed and fulfilled on a real chain through a bad endpoint, while the chain is
 * reorganised and the service is restarted.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { announceSeed, seededRandom, waitUntil } from '@zkinfer/core/testing';
import {
  type CoprocessorEvents,
  encodeProof,
  InferenceCoprocessor,
  type JsonRpcApiProvider,
  RequestStatus,
} from '@zkinfer/verifier-contracts';
import { developmentWallet, openProvider } from '@zkinfer/verifier-contracts/node';
import { reorganiseChain, TestMarket } from '@zkinfer/verifier-contracts/testing';
import { LevelStore } from '../store/level-store.ts';
import { ABSENT, type StoreOperation } from '../store/store.ts';
import { GOOD, RpcProxy } from '../testing/rpc-proxy.ts';
import { ChainFollower, type ChainUpdate } from './chain-follower.ts';
import type { Intent } from './intent.ts';
import { RpcChainNode } from './rpc-chain-node.ts';
import { TransactionSender } from './transaction-sender.ts';

const GWEI = 1_000_000_000n;
const WORKER = 2;
const BAD = { refused: 0.05, cut: 0.1, stale: 0.2, lag: 2, doubled: 0.3 };
const CONFIRMATIONS = 5;

const random = seededRandom(announceSeed());
let market: TestMarket;
let proxy: RpcProxy;
let provider: JsonRpcApiProvider;
let folder: string;
let running: Service | undefined;

before(async () => {
  market = await TestMarket.start();
  proxy = await RpcProxy.start(market.chain.url, random);
  provider = await openProvider(proxy.url);
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-chain-'));
});
after(async () => {
  await running?.close();
  provider.destroy();
  await proxy.stop();
  await market.chain.stop();
  await rm(folder, { recursive: true });
});

const address = () => market.deployment.contracts.InferenceCoprocessor.address;
const rpc = (method: string, ...params: unknown[]) => market.chain.provider.send(method, params);

/** The service as far as it is here: what follows and what sends, on one store. */
class Service {
  readonly store: LevelStore;
  readonly sender: TransactionSender;
  readonly follower: ChainFollower<CoprocessorEvents>;

  private constructor(store: LevelStore, sender: TransactionSender) {
    this.store = store;
    this.sender = sender;
    this.follower = new ChainFollower({
      store,
      node: new RpcChainNode(provider, 31337n),
      chainId: 31337n,
      artifact: InferenceCoprocessor,
      address: address(),
      startBlock: 0,
      confirmations: CONFIRMATIONS,
      handle: async (update) => noted(update),
    });
    sender.start(40);
    this.follower.start(40);
  }

  static async open(): Promise<Service> {
    const store = await LevelStore.open(folder);
    const policy = {
      maxFeePerGas: 100n * GWEI,
      cancelMaxFeePerGas: 200n * GWEI,
      stuckAfterMs: 2_000,
      resendAfterMs: 300,
      giveUpAfterMs: 60_000,
      confirmations: CONFIRMATIONS,
    };
    const holder = `service-${random.uint32()}`;
    const node = new RpcChainNode(provider, 31337n);
    const signer = developmentWallet(WORKER);
    const options = { store, node, signer, policy, holder, leaseMs: 500 };
    running = new Service(store, await TransactionSender.open(options));
    return running;
  }

  async close(): Promise<void> {
    running = undefined;
    await this.follower.close();
    await this.sender.close();
    await this.store.close();
  }

  /** Submits until it goes through; the endpoint is bad. */
  async submit(intent: Intent): Promise<void> {
    for (;;) {
      const error = await this.sender.submit(intent).then(
        () => undefined,
        (thrown) => thrown,
      );
      if (error === undefined) return;
      assert.match(error.code, /^(CONTRACTS_RPC_|QUEUE_LEASE_|QUEUE_NONCES_REOPENED$)/);
      await sleep(20);
    }
  }
}

/** An entry for each confirmed event, under the precondition that it is told once. */
function noted({ confirmed, retracted }: ChainUpdate<CoprocessorEvents>): StoreOperation[] {
  assert.deepEqual(
    retracted.filter(({ wasConfirmed }) => wasConfirmed),
    [],
  );
  return confirmed.map((event) => {
    const place = `${event.blockHash}-${event.logIndex}`;
    const value = `${event.name} ${(event.args as { requestId?: string }).requestId ?? ''}`;
    return { type: 'put', key: `told/${place}`, value, ifVersion: ABSENT };
  });
}

/** The intent to fulfil a request. */
async function fulfilment(requestId: string): Promise<Intent> {
  const item = await market.deliver(requestId, developmentWallet(WORKER).address);
  const { contract } = market.coprocessor(market.accounts.other);
  const encoded = { ...item, proof: encodeProof(item.proof) };
  const data = contract.interface.encodeFunctionData('fulfill', [encoded]);
  const call = { to: address(), data, value: 0n };
  return { id: `fulfil-${requestId}`, call, maxCost: 10n ** 17n };
}

async function request(): Promise<string> {
  const { owner, requester } = market.accounts;
  const coprocessor = market.coprocessor(requester);
  const plan = await coprocessor.plan(await market.wish(), market.registry(owner));
  await coprocessor.request(plan);
  return plan.requestId;
}

test('requests are each fulfilled once, and events told once, whatever happens in between', async () => {
  const requests: string[] = [];
  for (let i = 0; i < 6; i++) requests.push(await request());
  await rpc('anvil_mine', '0x4');
  proxy.faults = BAD;
  let service = await Service.open();
  for (const [i, requestId] of requests.entries()) {
    await service.submit(await fulfilment(requestId));
    if (i === 1 || i === 4) await reorganiseChain(market.chain.provider, 3);
    if (i === 2) {
      await service.close();
      service = await Service.open();
    }
  }
  await waitUntil(async () => {
    await rpc('anvil_mine', '0x1');
    const all = requests.map((requestId) => service.sender.status(`fulfil-${requestId}`));
    return (await Promise.all(all)).every((status) => status?.final === true);
  });
  proxy.faults = GOOD;
  await rpc('anvil_mine', `0x${CONFIRMATIONS}`);
  await waitUntil(async () => (await told(service.store)).length >= (await onChain()).length);
  assert.deepEqual(await told(service.store), await onChain());
  for (const requestId of requests) {
    const { status } = await market.coprocessor(market.accounts.other).status(requestId);
    assert.equal(status, RequestStatus.Fulfilled);
    assert.equal((await service.sender.status(`fulfil-${requestId}`))!.succeeded, true);
  }
  const used = await rpc('eth_getTransactionCount', developmentWallet(WORKER).address, 'latest');
  assert.equal(Number(used), requests.length);
  await service.close();
});

test('what would revert is refused with the contract’s error', async () => {
  const service = await Service.open();
  const requestId = await request();
  const intent = await fulfilment(requestId);
  await service.submit(intent);
  const again = { ...intent, id: 'again' };
  await assert.rejects(service.sender.submit(again), { code: 'CONTRACTS_REQUEST_NOT_OPEN' });
  await service.close();
});

async function told(store: LevelStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { value } of store.list('told/')) found.push(String(value));
  // Not those of the deployment.
  return found.filter((name) => /0x/.test(name)).sort();
}

/** The contract's events by name and request, as the chain has them in the end. */
async function onChain(): Promise<string[]> {
  const client = market.coprocessor(market.accounts.other);
  const names = ['InferenceRequested', 'InferenceFulfilled', 'BalanceCredited'] as const;
  const events = await Promise.all(names.map((name) => client.events(name)));
  return events
    .flat()
    .map(({ name, args }) => `${name} ${args.requestId}`)
    .sort();
}
