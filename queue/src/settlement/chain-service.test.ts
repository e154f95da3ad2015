import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { waitUntil } from '@zkinfer/core/testing';
import { Delivery, inlineInputHash, RequestStatus } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';
import { TEST_IDENTITY, TEST_PRICE, TEST_WORDS } from '@zkinfer/verifier-contracts/testing';
import { statusOf } from '../jobs/job-record.ts';
import { requireStageResult } from '../jobs/stage-results.ts';
import {
  SERVICE_ACCOUNT,
  ServedMarket,
  type ServedProcess,
  type ServeOptions,
} from '../testing/served-market.ts';

const PAYEE = developmentWallet(SERVICE_ACCOUNT).address;
const FEE = 10n ** 15n;
const MODEL = TEST_IDENTITY.modelDigest.slice(2);

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
const statusOnChain = async (requestId: string) => (await reader().status(requestId)).status;
const usedNonces = () => served.market.chain.provider.getTransactionCount(PAYEE);

/** Mines until a job has ended so. */
async function ended(process: ServedProcess, requestId: string) {
  await waitUntil(async () => {
    await served.mine();
    const job = await process.job(requestId);
    return job !== undefined && job.outcome !== null;
  });
  return (await process.job(requestId))!;
}

test('a request is admitted when it is confirmed, proved, settled, confirmed and paid', async () => {
  const process = await serve();
  const { requestId } = await served.request();
  const before = await reader().balanceOf(PAYEE);
  const job = await ended(process, requestId);
  assert.deepEqual([statusOf(job), job.stage], ['done', 'confirm']);
  assert.equal(await statusOnChain(requestId), RequestStatus.Fulfilled);
  assert.equal((await reader().balanceOf(PAYEE)) - before, FEE);
  const { transactionHash, gasUsed, cost, earned, callbackSucceeded } = requireStageResult(
    job.results,
    'confirm',
  );
  const receipt = (await served.market.chain.provider.getTransactionReceipt(transactionHash))!;
  assert.deepEqual([gasUsed, cost], [String(receipt.gasUsed), String(receipt.fee)]);
  assert.deepEqual([earned, callbackSucceeded], [String(FEE), null]);
  assert.equal((await process.service.request(requestId))?.state, 'fulfilled');
});

test('a request for a commitment is fulfilled without its output’s words', async () => {
  const process = await serve();
  const { requestId } = await served.request({ delivery: Delivery.Commitment });
  assert.equal(statusOf(await ended(process, requestId)), 'done');
  const { outputWords } = await reader().output(requestId);
  assert.deepEqual(outputWords, []);
});

test('proofs that wait together go in one transaction, whose cost they share', async () => {
  const process = await serve({ policy: { batchWindowMs: 60_000, largestBatch: 3 } });
  const nonces = await usedNonces();
  const plans = [await served.request(), await served.request(), await served.request()];
  const jobs = await Promise.all(plans.map(({ requestId }) => ended(process, requestId)));
  assert.equal((await usedNonces()) - nonces, 1);
  const results = jobs.map(({ results }) => requireStageResult(results, 'confirm'));
  assert.equal(new Set(results.map(({ transactionHash }) => transactionHash)).size, 1);
  const hash = results[0]!.transactionHash;
  const { fee } = (await served.market.chain.provider.getTransactionReceipt(hash))!;
  for (const { cost, earned } of results) {
    assert.deepEqual([cost, earned], [String(fee / 3n), String(FEE)]);
  }
});

test('what another fulfils between proof and settlement is closed, without a transaction', async () => {
  const nonces = await usedNonces();
  const { requestId } = await served.request();
  const { other } = served.market.accounts;
  const process = await serve({
    beforeProved: async () => {
      const item = await served.market.deliver(requestId, await other.getAddress());
      await served.market.coprocessor(other).fulfill(item);
    },
  });
  const job = await ended(process, requestId);
  assert.deepEqual(
    [statusOf(job), job.outcome?.code],
    ['closed', 'QUEUE_REQUEST_FULFILLED_BY_ANOTHER'],
  );
  assert.equal(await usedNonces(), nonces);
});

test('a proof of ours that another brings is paid to us all the same', async () => {
  const { requestId } = await served.request();
  const { other } = served.market.accounts;
  const process = await serve({
    beforeProved: async () => {
      await served.market.coprocessor(other).fulfill(await served.market.deliver(requestId, PAYEE));
    },
  });
  const job = await ended(process, requestId);
  assert.equal(statusOf(job), 'done');
  const { cost, earned } = requireStageResult(job.results, 'confirm');
  assert.deepEqual([cost, earned], ['0', String(FEE)]);
});

test('a job whose request another fulfils is given up while it is proved', async () => {
  const { requestId } = await served.request();
  const { other } = served.market.accounts;
  let proved: (() => void) | undefined;
  const process = await serve({
    beforeProved: () => {
      return new Promise((resolve) => {
        proved = resolve;
      });
    },
  });
  await waitUntil(async () => {
    await served.mine();
    return proved !== undefined;
  });
  await served.market
    .coprocessor(other)
    .fulfill(await served.market.deliver(requestId, await other.getAddress()));
  const job = await ended(process, requestId);
  assert.deepEqual([statusOf(job), job.stage], ['closed', 'prove']);
  proved!();
});

test('an underpriced request is skipped with its reason, and admitted when gas is cheaper', async () => {
  const { requestId } = await served.request();
  await served.rpc('anvil_setNextBlockBaseFeePerGas', `0x${(50n * 10n ** 9n).toString(16)}`);
  await served.mine();
  const process = await serve();
  await waitUntil(async () => (await process.service.request(requestId))?.state === 'skipped');
  assert.equal((await process.service.request(requestId))?.code, 'QUEUE_SKIP_FEE_TOO_LOW');
  assert.equal(await process.job(requestId), undefined);
  const listed: string[] = [];
  for await (const record of process.service.requests('skipped')) listed.push(record.requestId);
  assert.deepEqual(listed, [requestId]);
  await served.rpc('anvil_setNextBlockBaseFeePerGas', '0x1');
  assert.equal(statusOf(await ended(process, requestId)), 'done');
});

test('a quote names the least fee and deadline that are admitted', async () => {
  const process = await serve();
  const quote = (await process.service.quote(MODEL))!;
  assert.deepEqual(
    [quote.chainId, quote.modelId, quote.modelPrice],
    ['31337', served.market.modelId, String(TEST_PRICE)],
  );
  const slack = BigInt(quote.workerFee) / 5n;
  const enough = await served.request({
    workerFee: BigInt(quote.workerFee) + slack,
    deadline: BigInt(quote.earliestDeadline + 5),
  });
  const tooLittle = await served.request({ workerFee: BigInt(quote.workerFee) - slack });
  const tooSoon = await served.request({ deadline: BigInt((await served.market.chain.now()) + 2) });
  assert.equal(statusOf(await ended(process, enough.requestId)), 'done');
  const codes = [tooLittle, tooSoon].map(async ({ requestId }) => {
    await waitUntil(async () => (await process.service.request(requestId))?.code != null);
    return (await process.service.request(requestId))!.code;
  });
  assert.deepEqual(await Promise.all(codes), [
    'QUEUE_SKIP_FEE_TOO_LOW',
    'QUEUE_SKIP_DEADLINE_NEAR',
  ]);
  assert.equal(await process.service.quote('00'.repeat(32)), undefined);
  const { coprocessor } = process.service;
  const { modelId } = served.market;
  assert.deepEqual(process.service.registrationsOf(MODEL), [
    { chainId: '31337', coprocessor, modelId },
  ]);
});

test('models and owners that are not on the list are not served', async () => {
  const { requestId } = await served.request();
  const process = await serve({ modelPolicy: { owners: new Set([PAYEE.toLowerCase()]) } });
  await waitUntil(async () => {
    await served.mine();
    return (await process.service.request(requestId))?.state === 'skipped';
  });
  assert.equal((await process.service.request(requestId))?.code, 'QUEUE_SKIP_MODEL_NOT_ALLOWED');
});

test('a request whose input is nowhere to be fetched is skipped', async () => {
  const inputHash = inlineInputHash(TEST_WORDS, TEST_IDENTITY.inputSpec);
  const plan = await served.request({ input: { inputHash, uri: 'ftp://example.com/input' } });
  const process = await serve();
  await waitUntil(async () => {
    await served.mine();
    return (await process.service.request(plan.requestId))?.state === 'skipped';
  });
  const { code } = (await process.service.request(plan.requestId))!;
  assert.equal(code, 'QUEUE_SKIP_INPUT_MISSING');
});

test('its status tells how far it is, what it owns and what is wrong', async () => {
  const process = await serve();
  await waitUntil(async () => {
    const { head, confirmedTo } = await process.service.status();
    return head > 0 && confirmedTo === head - 1;
  });
  const status = await process.service.status();
  assert.deepEqual([status.chainId, status.signer, status.payee], ['31337', PAYEE, PAYEE]);
  assert.equal(status.problem, null);
  assert.ok(BigInt(status.balance) > 0n);
  assert.equal(status.withdrawable, String(await reader().balanceOf(PAYEE)));
});

test('what the service is owed is swept: refunds of its own requests, and what it has earned', async () => {
  const { other } = served.market.accounts;
  const deadline = BigInt((await served.market.chain.now()) + 100);
  const mine = await served.request({ refundAddress: PAYEE, deadline, workerFee: 1n });
  const theirs = await served.request({ deadline, workerFee: 1n });
  const process = await serve({ policy: { withdrawAbove: 1n } });
  await served.mine(2);
  await waitUntil(async () => (await process.service.request(mine.requestId)) !== undefined);
  assert.equal(await statusOnChain(mine.requestId), RequestStatus.Open);
  await served.market.chain.increaseTime(101);
  await waitUntil(async () => (await statusOnChain(mine.requestId)) === RequestStatus.Refunded);
  await waitUntil(async () => {
    await served.mine();
    return (await reader().balanceOf(PAYEE)) === 0n;
  });
  assert.equal(await statusOnChain(theirs.requestId), RequestStatus.Open);
  await served.market.coprocessor(other).refund(theirs.requestId);
});

// The last: the owner is the guardian here, who cannot take a freeze back.
test('a request of a model that is frozen meanwhile is closed; one that comes too late is skipped', async () => {
  const registry = served.market.registry(served.market.accounts.owner);
  const first = await served.request();
  const process = await serve({
    beforeProved: async () => {
      await registry.freeze(served.market.modelId);
    },
  });
  const job = await ended(process, first.requestId);
  assert.deepEqual([statusOf(job), job.outcome?.code], ['closed', 'CONTRACTS_MODEL_NOT_ACTIVE']);
  await assert.rejects(served.request(), { code: 'CONTRACTS_MODEL_NOT_ACTIVE' });
  await waitUntil(async () => (await process.service.quote(MODEL)) === undefined);
  await waitUntil(() => process.service.registrationsOf(MODEL).length === 0);
});
