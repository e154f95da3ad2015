import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openCompiledModel } from '@zkinfer/circuits';
import { ChainClient, type JobUpdate, type Model, ServiceClient } from '@zkinfer/client';
import { modelPin } from '@zkinfer/core/service';
import { describeModel } from '@zkinfer/queue';
import { ACCOUNT, LocalMarket } from './on-chain/local-market.ts';
import { LocalService } from './on-chain/local-service.ts';
import { ROOT, zkinfer } from './zkinfer-step.ts';

const MODEL = 'examples/models/iris-mlp';
const MODELS = 'artifacts/client-with-service';
const LABELS = ['setosa', 'versicolor', 'virginica'];

let market: LocalMarket;
let service: LocalService;
let model: Model;
before(async () => {
  const compiled = `${MODELS}/iris-mlp`;
  await zkinfer('compile', MODEL, '--labels', LABELS.join(','), '--out', compiled);
  await zkinfer('setup', compiled, '--development');
  market = await LocalMarket.open(compiled);
  service = await LocalService.start(market, MODELS);
  const described = await describeModel(await openCompiledModel(join(ROOT, compiled)));
  model = await service.client.model(described.modelDigest, { pin: modelPin(described) });
});
after(async () => {
  await service?.[Symbol.asyncDispose]();
  await market?.[Symbol.asyncDispose]();
});

const flower = (name: string): number[] =>
  JSON.parse(readFileSync(join(ROOT, MODEL, `${name}.json`), 'utf8'));

function chainOf(account: number = ACCOUNT.opener): ChainClient {
  const { deployment } = market;
  const runner = market.signer(account);
  return new ChainClient({ runner, deployment, service: service.client, pollMs: 100 });
}

async function collect(updates: AsyncIterable<JobUpdate>): Promise<JobUpdate[]> {
  const all: JobUpdate[] = [];
  for await (const update of updates) all.push(update);
  return all;
}

test('over HTTP: real proofs of what was asked, followed to their end', async () => {
  for (const label of LABELS) {
    const job = await service.client.submit({ model, input: flower(label), binder: 99n });
    const updates = await collect(job.updates());
    assert.equal(updates.at(-1)!.status, 'done');
    assert.ok(updates.some(({ stage, status }) => stage === 'prove' && status === 'active'));
    const { outputs, signals } = await job.waitForResult();
    assert.equal(outputs[0]!.label, label);
    assert.equal(signals.binder, 99n);
    const { model: asked, ...rest } = job.asked;
    const other = service.client.job(job.id, { model: asked, ...rest, binder: 98n });
    await assert.rejects(other.result(), { code: 'CLIENT_STATEMENT_DIFFERS' });
  }
});

test('over HTTP: one key, one job; another input under it is refused', async () => {
  const options = { model, idempotencyKey: 'the-flower', salt: 0 } as const;
  const first = await service.client.submit({ ...options, input: flower('setosa') });
  const again = await service.client.submit({ ...options, input: flower('setosa') });
  assert.equal(again.id, first.id);
  await assert.rejects(service.client.submit({ ...options, input: flower('virginica') }), {
    name: 'InputError',
    code: 'QUEUE_JOB_DIFFERS',
  });
  await first.waitForResult({ timeoutMs: 60_000 });
});

test('over HTTP: refusals come with the service’s codes', async () => {
  const stranger = new ServiceClient({ url: service.url, apiKey: 'zk_client_none', retries: 0 });
  await assert.rejects(stranger.models(), { code: 'QUEUE_HTTP_UNAUTHENTICATED' });
  await assert.rejects(service.client.view('h-unknown'), { code: 'QUEUE_JOB_UNKNOWN' });
  const deadline = 1;
  await assert.rejects(service.client.submit({ model, input: flower('setosa'), deadline }), {
    code: 'QUEUE_HTTP_DEADLINE_PASSED',
  });
});

test('on chain: a hidden input, a quoted fee, a proof that the contract has paid for', async () => {
  const chain = chainOf();
  const quote = await service.client.quote(model.modelDigest);
  const { modelPrice, workerFee } = quote.chains[0]!;
  const job = await chain.requestInference({
    model,
    input: flower('virginica'),
    workerFee: 'quote',
    maxCost: BigInt(modelPrice) + 2n * BigInt(workerFee),
    deadlineInSeconds: 3600,
  });
  const updates = await collect(job.updates());
  assert.equal(updates.at(-1)!.status, 'done');
  assert.ok(updates.some(({ view }) => view !== null));
  const { outputs, payee } = await job.waitForResult();
  assert.equal(outputs[0]!.label, 'virginica');
  assert.equal(payee, await market.signer(ACCOUNT.worker).getAddress());
  const another = await chainOf().job(job.id, { model, inputSalt: 1n << 200n });
  await assert.rejects(another.result(), { code: 'CLIENT_OUTPUT_DIFFERS' });
});

test('on chain: an output that is only committed to is told to who gave the input', async () => {
  const job = await chainOf().requestInference({
    model,
    input: flower('versicolor'),
    workerFee: 2n * 10n ** 15n,
    maxCost: 10n ** 17n,
    deadlineInSeconds: 3600,
    delivery: 'commitment',
  });
  const { outputs } = await job.waitForResult({ timeoutMs: 120_000 });
  assert.equal(outputs[0]!.label, 'versicolor');
  const alone = new ChainClient({
    runner: market.signer(ACCOUNT.opener),
    deployment: market.deployment,
  });
  const { inputSalt } = job.request;
  const blind = await alone.job(job.id, { model, inputSalt });
  await assert.rejects(blind.result(), { code: 'CLIENT_NEEDS_SERVICE' });
});

test('on chain: an open input needs nobody but the chain', async () => {
  const { deployment } = market;
  const runner = market.signer(ACCOUNT.depositor);
  const chain = new ChainClient({ runner, deployment, pollMs: 100 });
  const job = await chain.requestInference({
    model,
    input: flower('setosa'),
    salt: 0,
    workerFee: 2n * 10n ** 15n,
    maxCost: 10n ** 17n,
    deadlineInSeconds: 3600,
  });
  const { outputs } = await job.waitForResult({ timeoutMs: 120_000 });
  assert.equal(outputs[0]!.label, 'setosa');
});
