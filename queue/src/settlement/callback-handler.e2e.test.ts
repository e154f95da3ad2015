/** Callbacks that fail: tried again when they would succeed, within a budget, and then given up. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { waitUntil } from '@zkinfer/core/testing';
import { CallbackStatus } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';
import { deployTurnstile } from '@zkinfer/verifier-contracts/testing';
import { statusOf } from '../jobs/job-record.ts';
import { requireStageResult } from '../jobs/stage-results.ts';
import { DEFAULT_STAGES } from '../jobs/stages.ts';
import {
  SERVICE_ACCOUNT,
  ServedMarket,
  type ServedProcess,
  type ServeOptions,
} from '../testing/served-market.ts';

const PAYEE = developmentWallet(SERVICE_ACCOUNT).address;
const CALLBACK = { gasLimit: 100_000n, gasPrice: 10n ** 9n };

type Turnstile = Awaited<ReturnType<typeof deployTurnstile>>;

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

function patience(attempts: number): Pick<ServeOptions, 'stages'> {
  const retry = { attempts, firstDelayMs: 100, longestDelayMs: 100, jitter: 0 };
  return { stages: { callback: { ...DEFAULT_STAGES.callback, retry } } };
}

async function ask(): Promise<{ turnstile: Turnstile; requestId: string }> {
  const { market } = served;
  const { requester, owner } = market.accounts;
  const coprocessor = market.coprocessor(requester);
  const turnstile = await deployTurnstile(coprocessor.address, requester);
  const wish = await market.wish({
    callback: CALLBACK,
    refundAddress: await requester.getAddress(),
  });
  const asker = await turnstile.getAddress();
  const plan = await coprocessor.plan(wish, market.registry(owner), asker);
  const { terms, input, value, requestId } = plan;
  await (await turnstile.getFunction('ask')(terms, input, { value })).wait();
  return { turnstile, requestId };
}

const unlock = async (turnstile: Turnstile) => (await turnstile.getFunction('unlock')()).wait();
const usedNonces = () => served.market.chain.provider.getTransactionCount(PAYEE);

async function ended(process: ServedProcess, requestId: string) {
  await waitUntil(async () => {
    await served.mine();
    return (await process.job(requestId))?.outcome != null;
  });
  return (await process.job(requestId))!;
}

async function atCallback(process: ServedProcess, requestId: string): Promise<void> {
  await waitUntil(async () => {
    await served.mine();
    return (await process.job(requestId))?.stage === 'callback';
  });
}

test('a callback that succeeds finishes the job; its gas is repaid to the payee', async () => {
  const { turnstile, requestId } = await ask();
  await unlock(turnstile);
  running = await served.serve();
  const job = await ended(running, requestId);
  assert.deepEqual([statusOf(job), job.stage], ['done', 'confirm']);
  const { callbackSucceeded, earned } = requireStageResult(job.results, 'confirm');
  assert.equal(callbackSucceeded, true);
  assert.ok(BigInt(earned) > 10n ** 15n, 'the fee and the gas');
  assert.notEqual(await turnstile.getFunction('answer')(), 0n);
});

test('one that failed is tried again once it would succeed, not before', async () => {
  const { turnstile, requestId } = await ask();
  running = await served.serve(patience(1_000));
  await atCallback(running, requestId);
  const nonces = await usedNonces();
  await waitUntil(async () => (await running!.job(requestId))!.attempt > 2);
  assert.equal(await usedNonces(), nonces, 'a try without a transaction shows that it would fail');
  await unlock(turnstile);
  const job = await ended(running, requestId);
  assert.equal(statusOf(job), 'done');
  const { transactionHash, succeeded, code } = requireStageResult(job.results, 'callback');
  assert.deepEqual([succeeded, code], [true, null]);
  assert.notEqual(transactionHash, null);
  assert.equal((await usedNonces()) - nonces, 1);
  const { accounts } = served.market;
  const { callbackStatus } = await served.market.coprocessor(accounts.other).status(requestId);
  assert.equal(callbackStatus, CallbackStatus.Succeeded);
});

test('one that somebody else had tried again with success needs no transaction of ours', async () => {
  const { turnstile, requestId } = await ask();
  running = await served.serve({ ...patience(1_000), policy: { callbackBudget: 0n } });
  await atCallback(running, requestId);
  await unlock(turnstile);
  await served.market.coprocessor(served.market.accounts.other).retryCallback(requestId);
  const job = await ended(running, requestId);
  const result = requireStageResult(job.results, 'callback');
  assert.deepEqual(result, { transactionHash: null, succeeded: true, code: null });
});

for (const [what, options, code] of [
  ['that keeps failing', {}, 'QUEUE_CALLBACK_WOULD_FAIL'],
  ['that costs more than it may', { callbackBudget: 1n }, 'QUEUE_CALLBACK_TOO_DEAR'],
] as const) {
  test(`one ${what} is given up with its reason; the job is done all the same`, async () => {
    const { requestId } = await ask();
    running = await served.serve({ ...patience(2), policy: options });
    const job = await ended(running, requestId);
    assert.deepEqual([statusOf(job), job.stage], ['done', 'callback']);
    const result = requireStageResult(job.results, 'callback');
    assert.deepEqual(result, { transactionHash: null, succeeded: false, code });
    assert.equal(requireStageResult(job.results, 'confirm').callbackSucceeded, false);
  });
}
