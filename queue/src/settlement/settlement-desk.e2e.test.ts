import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { encodeProof, type JsonRpcApiProvider, RequestStatus } from '@zkinfer/verifier-contracts';
import { developmentWallet, openProvider } from '@zkinfer/verifier-contracts/node';
import { EndpointSelector } from '../chain/endpoint-selector.ts';
import { DEFAULT_SENDING_POLICY } from '../chain/sending-policy.ts';
import { TransactionSender } from '../chain/transaction-sender.ts';
import type { Store } from '../store/store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { SERVICE_ACCOUNT, ServedMarket } from '../testing/served-market.ts';
import { SettlementDesk, type SettlementItem } from './settlement-desk.ts';

const wallet = developmentWallet(SERVICE_ACCOUNT);
const policy = { ...DEFAULT_SENDING_POLICY, confirmations: 1, resendAfterMs: 0 };
const WORTH = 10n ** 16n;

let served: ServedMarket;
let provider: JsonRpcApiProvider;
let store: Store;
let holders = 0;

before(async () => {
  served = await ServedMarket.start();
  provider = await openProvider(served.market.chain.url);
});
after(async () => {
  provider?.destroy();
  await served?.stop();
});
beforeEach(async () => {
  await served.rpc('evm_setAutomine', true);
  store = new MemoryStore();
});

/** A desk and its sender, as a process opens them. */
async function open(largestBatch = 1) {
  const node = new EndpointSelector([provider], 31337n);
  const holder = `holder-${holders++}`;
  const sender = await TransactionSender.open({ store, node, signer: wallet, policy, holder });
  const coprocessor = served.market.coprocessor(served.market.accounts.other);
  const desk = new SettlementDesk({
    ...{ store, node, sender, logger: SILENT_LOGGER },
    coprocessor: coprocessor.address,
    batchWindowMs: 60_000,
    limits: { largestBatch, batchGas: 8_000_000n },
  });
  return { desk, sender };
}

async function item(changes: Partial<SettlementItem> = {}): Promise<SettlementItem> {
  const { requestId } = await served.request();
  const { proof, ...rest } = await served.market.deliver(requestId, wallet.address);
  return {
    jobId: `job-${requestId.slice(2, 12)}`,
    fulfilment: { ...rest, proof: encodeProof(proof) },
    modelId: served.market.modelId,
    callbackGasLimit: 0n,
    worth: WORTH,
    ...changes,
  };
}

const usedNonces = () => served.market.chain.provider.getTransactionCount(wallet.address);
const statusOf = async ({ fulfilment: { requestId } }: SettlementItem) =>
  (await served.market.coprocessor(served.market.accounts.other).status(requestId)).status;

test('a transaction that no node remembers is the one that is sent again, after a restart too', async () => {
  const one = await item();
  const nonces = await usedNonces();
  await served.rpc('evm_setAutomine', false);
  const first = await open();
  const intentId = await first.desk.send(one);
  await served.rpc('anvil_dropAllTransactions');
  await first.sender.close();
  const second = await open();
  assert.equal(await second.desk.send(one), intentId);
  await second.sender.advance();
  await served.mine();
  await second.sender.advance();
  assert.equal((await second.desk.statusOf(one.jobId))?.succeeded, true);
  assert.equal((await usedNonces()) - nonces, 1);
  await second.sender.close();
});

test('who asks twice for one job waits for the same transaction', async () => {
  const one = await item();
  const nonces = await usedNonces();
  const { desk, sender } = await open();
  const [first, second] = await Promise.all([desk.send(one), desk.send(one)]);
  assert.equal(first, second);
  assert.equal((await usedNonces()) - nonces, 1);
  await sender.close();
});

test('of a batch, what would revert is refused with its reason and harms none of the others', async () => {
  const [good, wrong, other] = [await item(), await item(), await item()];
  const fulfilment = { ...wrong.fulfilment, outputHash: wrong.fulfilment.outputHash + 1n };
  const { desk, sender } = await open(3);
  const [one, two, three] = await Promise.allSettled([
    desk.send(good),
    desk.send({ ...wrong, fulfilment }),
    desk.send(other),
  ]);
  assert.equal((two as PromiseRejectedResult).reason.code, 'CONTRACTS_OUTPUT_MISMATCH');
  assert.deepEqual(one, three, 'the same intent');
  assert.deepEqual(
    [await statusOf(good), await statusOf(wrong), await statusOf(other)],
    [RequestStatus.Fulfilled, RequestStatus.Open, RequestStatus.Fulfilled],
  );
  await sender.close();
});

test('what costs more than it brings is not sent, and may be sent when gas is cheaper', async () => {
  const one = await item({ worth: 1n });
  const nonces = await usedNonces();
  const { desk, sender } = await open();
  await assert.rejects(desk.send(one), { code: 'QUEUE_FEE_ABOVE_CAP' });
  assert.equal(await usedNonces(), nonces);
  await desk.send({ ...one, worth: WORTH });
  assert.equal(await statusOf(one), RequestStatus.Fulfilled);
  await sender.close();
});

test('what was mined and is known not to have fulfilled a request gives way to another', async () => {
  const one = await item();
  const { desk, sender } = await open();
  const snapshot = await served.rpc('evm_snapshot');
  const intentId = await desk.send(one);
  await sender.advance();
  assert.equal((await sender.status(intentId))?.final, true);
  assert.equal(await desk.send(one), intentId, 'as long as nobody knows otherwise');
  await served.rpc('evm_revert', snapshot);
  await served.rpc(
    'anvil_setNonce',
    wallet.address,
    `0x${((await usedNonces()) + 1).toString(16)}`,
  );
  const again = await desk.send({ ...one, notBy: intentId });
  assert.notEqual(again, intentId);
  assert.equal(await statusOf(one), RequestStatus.Fulfilled);
  await sender.close();
});

test('closing sends what still waits for others', async () => {
  const one = await item();
  const { desk, sender } = await open(2);
  const sent = desk.send(one);
  await desk.close();
  await sent;
  assert.equal(await statusOf(one), RequestStatus.Fulfilled);
  await sender.close();
});
