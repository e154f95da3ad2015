/**
 * A chain service among faults: reorganisations, crashes at every commit, bad endpoints, events that
 * nobody tells of. Whatever happens, each request is fulfilled once and paid once.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { announceSeed, seededRandom, waitUntil } from '@zkinfer/core/testing';
import { RequestStatus } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';
import { reorganiseChain } from '@zkinfer/verifier-contracts/testing';
import type { ChainLog } from '../chain/chain-node.ts';
import { EndpointSelector } from '../chain/endpoint-selector.ts';
import { statusOf } from '../jobs/job-record.ts';
import { DyingStore } from '../testing/dying-store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { RpcProxy } from '../testing/rpc-proxy.ts';
import {
  SERVICE_ACCOUNT,
  ServedMarket,
  type ServedProcess,
  type ServeOptions,
} from '../testing/served-market.ts';

const PAYEE = developmentWallet(SERVICE_ACCOUNT).address;
const FEE = 10n ** 15n;
const GWEI = 10n ** 9n;
const BAD = { refused: 0.05, cut: 0.05, stale: 0.1, lag: 2, doubled: 0.3 };

const random = seededRandom(announceSeed());
let served: ServedMarket;
let running: ServedProcess | undefined;

before(async () => {
  served = await ServedMarket.start();
});
after(() => served?.stop());
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function serve(options: ServeOptions = {}): Promise<ServedProcess> {
  running = await served.serve(options);
  return running;
}

const reader = () => served.market.coprocessor(served.market.accounts.other);
const usedNonces = () => served.market.chain.provider.getTransactionCount(PAYEE);
const earned = () => reader().balanceOf(PAYEE);

async function isDone(process: ServedProcess, requestId: string): Promise<boolean> {
  const job = await process.job(requestId);
  return job !== undefined && statusOf(job) === 'done';
}

/** Mines until all jobs are done. */
async function allDone(process: ServedProcess, requestIds: readonly string[]): Promise<void> {
  await waitUntil(async () => {
    await served.mine();
    const done = await Promise.all(requestIds.map((requestId) => isDone(process, requestId)));
    return done.every((one) => one);
  });
}

async function assertFulfilledOnce(requestId: string): Promise<void> {
  assert.equal((await reader().status(requestId)).status, RequestStatus.Fulfilled);
  const events = await reader().events('InferenceFulfilled', { indexed: { requestId } });
  assert.equal(events.length, 1);
}

test('a fulfilment whose block is gone before it is confirmed is made again, and paid once', async () => {
  const process = await serve({ policy: { confirmations: 5 } });
  const before = await earned();
  const { requestId } = await served.request();
  await served.mine(5);
  await waitUntil(
    async () => (await reader().status(requestId)).status === RequestStatus.Fulfilled,
  );
  await reorganiseChain(served.market.chain.provider, 3);
  await allDone(process, [requestId]);
  await assertFulfilledOnce(requestId);
  assert.equal((await earned()) - before, FEE);
});

test('a request whose block is gone deeper than its confirmations is served when it is back', async () => {
  const process = await serve();
  const before = await earned();
  const plan = await served.request();
  const snapshot = await served.rpc('evm_snapshot');
  await served.mine(3);
  await allDone(process, [plan.requestId]);
  assert.equal((await earned()) - before, FEE);
  await served.rpc('evm_revert', snapshot);
  // Another branch, longer than the one before, in which the request is open again.
  await served.rpc('anvil_setNextBlockBaseFeePerGas', `0x${(3n * GWEI).toString(16)}`);
  assert.equal((await reader().status(plan.requestId)).status, RequestStatus.Open);
  await waitUntil(async () => {
    await served.mine();
    const { status } = await reader().status(plan.requestId);
    return status === RequestStatus.Fulfilled;
  });
  await waitUntil(async () => {
    await served.mine();
    const record = await process.service.request(plan.requestId);
    return record?.state === 'fulfilled' && (await isDone(process, plan.requestId));
  });
  await assertFulfilledOnce(plan.requestId);
  assert.equal((await earned()) - before, FEE);
});

test('whichever commit it dies after, the next process goes on and the request is paid once', async () => {
  let step = 1;
  for (let commits = 2; ; commits += step) {
    const store = new MemoryStore();
    const [nonces, balance] = [await usedNonces(), await earned()];
    const { requestId } = await served.request();
    const dying = new DyingStore(store, commits);
    const first = await served.serve({ store: dying }).catch(() => undefined);
    await waitUntil(async () => {
      await served.mine();
      return dying.left < 0 || (first !== undefined && (await isDone(first, requestId)));
    });
    const survived = dying.left >= 0;
    await first?.kill();
    const second = await served.serve({ store });
    await allDone(second, [requestId]);
    await second.close();
    await assertFulfilledOnce(requestId);
    assert.equal((await earned()) - balance, FEE, `died after ${commits} commits`);
    assert.equal((await usedNonces()) - nonces, 1, `died after ${commits} commits`);
    if (survived) return;
    step += 1;
  }
});

test('through endpoints that fail, lag and repeat, each request is fulfilled once', async (t) => {
  const proxies = [
    await RpcProxy.start(served.market.chain.url, random),
    await RpcProxy.start(served.market.chain.url, random),
  ];
  t.after(() => Promise.all(proxies.map((proxy) => proxy.stop())));
  const urls = proxies.map(({ url }) => url);
  const before = await earned();
  const process = await serve({ urls, policy: { confirmations: 5 } });
  for (const proxy of proxies) proxy.faults = BAD;
  const plans = [];
  for (let i = 0; i < 6; i++) plans.push(await served.request());
  await allDone(
    process,
    plans.map(({ requestId }) => requestId),
  );
  for (const { requestId } of plans) await assertFulfilledOnce(requestId);
  assert.equal((await earned()) - before, 6n * FEE);
});

/** A node that knows of no events. */
class Withholding extends EndpointSelector {
  override async logs(): Promise<readonly ChainLog[]> {
    return [];
  }
}

test('requests and fulfilments that no event tells of are found by comparison', async () => {
  const { requestId } = await served.request();
  const process = await serve({ nodeOf: (providers) => new Withholding(providers, 31337n) });
  await allDone(process, [requestId]);
  await assertFulfilledOnce(requestId);
});

test('a fulfilment that is stuck below the base fee is outbid', async () => {
  const nonces = await usedNonces();
  let automining = true;
  const process = await serve({
    beforeProved: async () => {
      await served.rpc('evm_setAutomine', false);
      automining = false;
    },
  });
  const { requestId } = await served.request({ workerFee: 10n ** 17n });
  await waitUntil(async () => {
    if (automining) await served.mine();
    const pool = (await served.rpc('txpool_status')) as unknown as { pending: string };
    return Number(pool.pending) > 0;
  });
  // Twice the base fee and the priority fee were offered.
  await served.rpc('anvil_setNextBlockBaseFeePerGas', `0x${(2n * GWEI).toString(16)}`);
  await served.mine();
  assert.equal(await usedNonces(), nonces);
  await served.rpc('evm_setAutomine', true);
  await waitUntil(async () => {
    if ((await usedNonces()) === nonces) return false;
    await served.mine();
    return isDone(process, requestId);
  });
  await assertFulfilledOnce(requestId);
});

test('what is proved after the deadline is closed, without a transaction', async () => {
  const nonces = await usedNonces();
  const { requestId } = await served.request({
    deadline: BigInt((await served.market.chain.now()) + 100),
  });
  const process = await serve({ beforeProved: () => served.market.chain.increaseTime(101) });
  await waitUntil(async () => {
    await served.mine();
    return (await process.job(requestId))?.outcome != null;
  });
  const { outcome } = (await process.job(requestId))!;
  assert.deepEqual([outcome?.kind, outcome?.code], ['closed', 'CONTRACTS_DEADLINE_PASSED']);
  assert.equal(await usedNonces(), nonces);
});
