import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type BaseContract, id, isError } from 'ethers';
import { CallbackStatus, RequestStatus } from '../generated/types.ts';
import { TestMarket } from '../testing/test-market.ts';
import { deployTurnstile } from '../testing/turnstile.ts';
import type { RequestPlan } from './request-plan.ts';

const CALLBACK = { gasLimit: 100_000n, gasPrice: 10n ** 9n };

let market: TestMarket;
before(async () => {
  market = await TestMarket.start();
});
after(() => market?.chain.stop());

function newTurnstile(): Promise<BaseContract> {
  const { requester } = market.accounts;
  return deployTurnstile(market.coprocessor(requester).address, requester);
}

/** A request that the consumer makes, paid by who calls it. */
async function ask(consumer: BaseContract): Promise<RequestPlan> {
  const { requester, owner } = market.accounts;
  const wish = { callback: CALLBACK, refundAddress: await requester.getAddress() };
  const plan = await market
    .coprocessor(requester)
    .plan(await market.wish(wish), market.registry(owner), await consumer.getAddress());
  const { terms, input, value } = plan;
  await (await consumer.getFunction('ask')(terms, input, { value })).wait();
  return plan;
}

async function answerTo({ requestId }: RequestPlan) {
  const { worker } = market.accounts;
  return market.deliver(requestId, await worker.getAddress());
}

test('a consumer’s request has the planned id; its callback is paid, and announced as an event', async () => {
  const { worker, requester } = market.accounts;
  const consumer = await newTurnstile();
  await (await consumer.getFunction('unlock')()).wait();
  const plan = await ask(consumer);
  const coprocessor = market.coprocessor(worker);
  assert.equal((await coprocessor.status(plan.requestId)).requester, await consumer.getAddress());
  assert.equal(await consumer.getFunction('answer')(), 0n);

  const payee = await worker.getAddress();
  const [earned, owed] = [
    await coprocessor.balanceOf(payee),
    await coprocessor.balanceOf(await requester.getAddress()),
  ];
  const delivered = await answerTo(plan);
  const { events } = await coprocessor.fulfill(delivered);
  const succeeded = events.find((event) => event.name === 'CallbackSucceeded');
  assert.equal(succeeded?.args.requestId, plan.requestId);
  const { gasUsed } = succeeded!.args;
  assert.ok(gasUsed > 0n && gasUsed <= CALLBACK.gasLimit, `${gasUsed} gas`);
  assert.ok(!events.some((event) => event.name === 'CallbackFailed'));
  assert.equal(await consumer.getFunction('answer')(), delivered.outputWords[0]);

  const { callbackStatus, status } = await coprocessor.status(plan.requestId);
  assert.deepEqual([callbackStatus, status], [CallbackStatus.Succeeded, RequestStatus.Fulfilled]);
  const repaid = (await coprocessor.balanceOf(payee)) - earned - 10n ** 15n;
  const returned = (await coprocessor.balanceOf(await requester.getAddress())) - owed;
  assert.ok(repaid > 0n && repaid <= gasUsed * CALLBACK.gasPrice);
  assert.equal(repaid + returned, CALLBACK.gasLimit * CALLBACK.gasPrice);
  await assert.rejects(coprocessor.retryCallback(plan.requestId), {
    code: 'CONTRACTS_NO_CALLBACK_TO_RETRY',
  });
});

test('a callback that fails leaves the payment as it is, and is retried by anyone', async () => {
  const { worker, other } = market.accounts;
  const consumer = await newTurnstile();
  const plan = await ask(consumer);
  const { requestId } = plan;
  const coprocessor = market.coprocessor(worker);
  await assert.rejects(coprocessor.retryCallback(requestId), {
    code: 'CONTRACTS_NO_CALLBACK_TO_RETRY',
  });

  const { events } = await coprocessor.fulfill(await answerTo(plan));
  const failed = events.find((event) => event.name === 'CallbackFailed');
  assert.equal(failed?.args.requestId, requestId);
  assert.equal(failed?.args.reason, id('Locked()').slice(0, 10));
  assert.ok(!events.some((event) => event.name === 'CallbackSucceeded'));
  const after = await coprocessor.status(requestId);
  assert.deepEqual(
    [after.status, after.callbackStatus],
    [RequestStatus.Fulfilled, CallbackStatus.Failed],
  );
  const earned = await coprocessor.balanceOf(await worker.getAddress());

  const stranger = market.coprocessor(other);
  const { events: again } = await stranger.retryCallback(requestId);
  assert.deepEqual(
    again.map(({ name }) => name),
    ['CallbackFailed'],
  );
  await (await consumer.getFunction('unlock')()).wait();
  const { events: last } = await stranger.retryCallback(requestId);
  assert.equal(last.length, 1);
  const succeeded = last.find((event) => event.name === 'CallbackSucceeded');
  assert.equal(succeeded?.args.requestId, requestId);
  assert.notEqual(await consumer.getFunction('answer')(), 0n);
  assert.equal((await coprocessor.status(requestId)).callbackStatus, CallbackStatus.Succeeded);
  assert.equal(await coprocessor.balanceOf(await worker.getAddress()), earned);
  const found = await coprocessor.events('CallbackFailed', { indexed: { requestId } });
  assert.equal(found.length, 2, 'both attempts are in the chain’s history');
});

test('a consumer listens to its coprocessor alone', async () => {
  const { other } = market.accounts;
  const consumer = await newTurnstile();
  const { requestId, terms } = await ask(consumer);
  const forged = consumer.interface.encodeFunctionData('onInference', [
    ...[requestId, terms.modelId, 1n, [1n]],
  ]);
  const call = { to: await consumer.getAddress(), data: forged, from: await other.getAddress() };
  await assert.rejects(market.chain.provider.call(call), (error) => {
    assert.ok(isError(error, 'CALL_EXCEPTION'));
    return error.data?.startsWith(id('NotTheCoprocessor(address)').slice(0, 10)) === true;
  });
});
