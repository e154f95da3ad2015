/**
 * A thousand requests of the iris model from the chain and back, by `zkinfer serve` and two `zkinfer
 * worker` over Redis, with real proofs, while everything goes wrong that may: processes are killed,
 * Redis is, blocks are replaced, gas becomes dear, the endpoint is bad all the time, and inputs are
 * withheld, slow, huge or elsewhere. Minutes on two idle cores; `ZKINFER_CHAOS_REQUESTS` makes it
 * shorter, with all the troubles.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { chainJobId, dataLayout, LevelStore, Pipeline, statusOf } from '@zkinfer/queue';
import { redisIsAvailable } from '@zkinfer/queue/testing';
import { NATIVE_TOKEN } from '@zkinfer/verifier-contracts';
import { developmentWallet } from '@zkinfer/verifier-contracts/node';
import { temporaryFolder } from '../testing/run-zkinfer.ts';
import { SERVICE_ACCOUNT } from './chaos-market.ts';
import { ChaosRun } from './chaos-run.ts';
import { creditsByAccount, endedRequests, wrongEnds } from './request-ledger.ts';

const REQUESTS = Number(process.env.ZKINFER_CHAOS_REQUESTS ?? 1_000);
const LONGEST_MS = 45 * 60_000;
const PAYEE = developmentWallet(SERVICE_ACCOUNT).address;

const folder = temporaryFolder();

if (redisIsAvailable('a thousand requests from a chain through Redis')) {
  test('every request is fulfilled or refunded once, whatever goes wrong', {
    timeout: LONGEST_MS,
  }, async () => {
    const run = await ChaosRun.open({
      requests: REQUESTS,
      random: seededRandom(announceSeed()),
      folder,
    });
    try {
      await run.run();
      assert.equal(await run.stopService(), 0, run.log);
      await assertChainIsRight(run);
      await assertRecordsAgree(run);
    } finally {
      // Before the folder goes, which they write to.
      await run.close();
    }
  });
}

/** By the chain alone. */
async function assertChainIsRight({ market, requests }: ChaosRun): Promise<void> {
  const { coprocessor } = market;
  const wrong = [...(await wrongEnds(coprocessor, requests, PAYEE))];
  if (wrong.length > 0) {
    const shown = wrong.slice(0, 3);
    const jobs = await readJobs(shown.map(([requestId]) => requestId));
    assert.fail(
      `${wrong.length} requests ended wrongly: ${JSON.stringify([shown, jobs], null, 1)}`,
    );
  }
  assert.equal(await coprocessor.contract.escrowed(NATIVE_TOKEN), 0n);
  for (const [account, credited] of await creditsByAccount(coprocessor)) {
    assert.equal(await coprocessor.balanceOf(account), credited, account);
  }
  // A nonce that was left out would keep those behind it waiting.
  assert.deepEqual(await market.rpc('txpool_status'), { pending: '0x0', queued: '0x0' });
}

/** A job is done exactly if its request is fulfilled. */
async function assertRecordsAgree({ market, requests }: ChaosRun): Promise<void> {
  const { fulfilled } = await endedRequests(market.coprocessor);
  const ids = requests.map(({ plan }) => plan.requestId);
  const jobs = await readJobs(ids);
  for (const [i, job] of jobs.entries()) {
    const isDone = job !== undefined && statusOf(job) === 'done';
    assert.equal(isDone, fulfilled.has(ids[i]!), JSON.stringify(job));
  }
}

/** The jobs of requests in the store of the service, which must have ended. */
async function readJobs(requestIds: readonly string[]) {
  const store = await LevelStore.open(dataLayout(join(folder, 'data')).store);
  try {
    const pipeline = new Pipeline({ store });
    return await Promise.all(requestIds.map((id) => pipeline.get(chainJobId(31337n, id))));
  } finally {
    await store.close();
  }
}
