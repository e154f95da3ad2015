import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type Envelope, OPEN_SALT } from '@zkinfer/core';
import { waitUntil } from '@zkinfer/core/testing';
import { RequestStatus } from '@zkinfer/verifier-contracts';
import { TEST_PRICE, TestMarket } from '@zkinfer/verifier-contracts/testing';
import type { JobUpdate } from '../job/inference-job.ts';
import { type Model, openModel } from '../model/open-model.ts';
import { ServiceClient } from '../service/service-client.ts';
import { FixtureService } from '../testing/fixture-service.ts';
import { answerOf, testDescription } from '../testing/test-model.ts';
import { ChainClient, type ChainClientOptions, type ChainRequest } from './chain-client.ts';
import type { ChainJob } from './chain-job.ts';

const REALS = [5.1, 3.5, 1.4, 0.2];
const FEE = 10n ** 15n;
const COST = TEST_PRICE + FEE;

let market: TestMarket;
let model: Model;
let fixture: FixtureService;
let service: ServiceClient;

before(async () => {
  market = await TestMarket.start();
  model = openModel(testDescription(market.prover.key), { trustService: true });
});
after(() => market?.chain.stop());
beforeEach(async () => {
  fixture = await FixtureService.start(model, (signals) => market.prover.prove(signals));
  service = new ServiceClient({ url: fixture.url, apiKey: 'test-key', retries: 0 });
});
afterEach(() => fixture.close());

function clientOf(changes: Partial<ChainClientOptions> = {}): ChainClient {
  const { deployment, accounts } = market;
  return new ChainClient({ runner: accounts.requester, deployment, pollMs: 10, ...changes });
}

function ask(client: ChainClient, changes: Partial<ChainRequest> = {}): Promise<ChainJob> {
  return client.requestInference({
    ...{ model, input: REALS, salt: 0, workerFee: FEE, maxCost: COST, deadlineInSeconds: 3600 },
    ...changes,
  });
}

/** What a worker does: a proof for the request, delivered; the words and salt come off chain. */
async function fulfil(
  { id, request }: ChainJob,
  input: Pick<Envelope, 'words' | 'inputSalt'>,
  logits?: readonly number[],
): Promise<void> {
  const { worker } = market.accounts;
  const coprocessor = market.coprocessor(worker);
  const payee = await worker.getAddress();
  const answer = answerOf(model, input, logits);
  const bound = await coprocessor.binder({ requestId: id, modelId: market.modelId, payee });
  const proof = await market.prover.prove([answer.outputHash, answer.inputHash, bound]);
  const { outputHash } = answer;
  const isValues = request.terms.delivery === 0n;
  const values = isValues
    ? { outputWords: answer.outputWords, outputSalt: answer.outputSalt }
    : { outputWords: [], outputSalt: 0n };
  await coprocessor.fulfill({ requestId: id, proof, payee, outputHash, ...values });
}

async function inlineInput({ id }: ChainJob): Promise<Pick<Envelope, 'words' | 'inputSalt'>> {
  const event = await market.coprocessor(market.accounts.worker).requested(id);
  return { words: event!.args.inputWords, inputSalt: OPEN_SALT };
}

async function statuses(updates: AsyncIterable<JobUpdate>): Promise<string[]> {
  const all: string[] = [];
  for await (const { status, stage } of updates) all.push(`${status} ${stage}`);
  return all;
}

test('a small open input goes inline; the answer is read and checked without any service', async () => {
  const job = await ask(clientOf());
  assert.equal(job.cost, COST);
  const waiting = statuses(job.updates());
  await fulfil(job, await inlineInput(job));
  assert.equal((await waiting).at(-1), 'done null');
  const { outputs, signals, payee } = await job.waitForResult({ timeoutMs: 10_000 });
  assert.equal(outputs[0]!.label, 'versicolor');
  assert.equal(signals.inputHash, job.request.terms.inputHash);
  assert.equal(payee, await market.accounts.worker.getAddress());
});

test('a hidden input is handed to the service, and only its commitment goes on chain', async () => {
  const job = await ask(clientOf({ service }), { salt: 'random' });
  const event = await market.coprocessor(market.accounts.worker).requested(job.id);
  assert.deepEqual(event!.args.inputWords, []);
  assert.equal(event!.args.inputUri, `zkinfer:input/${job.request.terms.inputHash}`);
  const { body } = fixture.seen.find(({ path }) => path === '/v1/envelopes')!;
  const { words, inputSalt } = JSON.parse(body);
  assert.equal(BigInt(inputSalt), job.request.inputSalt);
  await fulfil(job, { words: words.map(BigInt), inputSalt: BigInt(inputSalt) });
  assert.equal((await job.waitForResult()).outputs[0]!.predicted, 1);
  const another = await clientOf().job(job.id, { model, inputSalt: 1n << 200n });
  await assert.rejects(another.result(), { code: 'CLIENT_OUTPUT_DIFFERS' });
});

test('the service tells how far the work is; the chain alone tells when it is done', async () => {
  const job = await ask(clientOf({ service }));
  const input = await inlineInput(job);
  const jobId = fixture.addChainJob(job.id, input, 0n);
  const seen: JobUpdate[] = [];
  const following = (async () => {
    for await (const update of job.updates()) seen.push(update);
  })();
  await waitUntil(() => seen.at(-1)?.stage === 'infer');
  fixture.advance(jobId, { stage: 'prove' });
  await waitUntil(() => seen.at(-1)?.stage === 'prove');
  fixture.advance(jobId, { status: 'failed', outcomeCode: 'PROVER_MEMORY' });
  await waitUntil(() => seen.at(-1)?.outcomeCode === 'PROVER_MEMORY');
  assert.equal(seen.at(-1)!.status, 'active', 'another worker may still fulfil it');
  await fulfil(job, input);
  await following;
  assert.equal(seen.at(-1)!.status, 'done');
});

test('a service that hangs, or is away, does not hold up what the chain tells', async () => {
  const job = await ask(clientOf({ service }));
  fixture.refuse = () => 'hang';
  const answer = job.waitForResult({ timeoutMs: 20_000 });
  await waitUntil(() => fixture.count(/requests/) > 0);
  await fulfil(job, await inlineInput(job));
  assert.equal((await answer).outputs[0]!.predicted, 1);
  const second = await ask(clientOf({ service }));
  fixture.refuse = () => 'drop';
  const waiting = statuses(second.updates());
  await fulfil(second, await inlineInput(second));
  assert.equal((await waiting).at(-1), 'done null');
});

test('an output that is only committed to comes from the service, and must be the proved one', async () => {
  const job = await ask(clientOf({ service }), { delivery: 'commitment' });
  const input = await inlineInput(job);
  await fulfil(job, input);
  fixture.addChainJob(job.id, input, 0n);
  assert.equal((await job.result()).outputs[0]!.label, 'versicolor');
  fixture.spoil = ({ path }, answer) =>
    path.endsWith('/result')
      ? { ...answer, body: { ...(answer.body as object), outputWords: ['7'] } }
      : undefined;
  await assert.rejects(job.result(), { code: 'CLIENT_OUTPUT_DIFFERS' });
  const alone = await clientOf().job(job.id, { model });
  await assert.rejects(alone.result(), { code: 'CLIENT_NEEDS_SERVICE' });
});

test('a request that a batch fulfilled is answered from the batch', async () => {
  const client = clientOf();
  const jobs = [await ask(client), await ask(client, { input: [1, 1, 1, 1] })];
  const { worker } = market.accounts;
  const coprocessor = market.coprocessor(worker);
  const payee = await worker.getAddress();
  const items = [];
  for (const [i, job] of jobs.entries()) {
    const answer = answerOf(model, await inlineInput(job), [i, 0, 0]);
    const { modelId } = market;
    const bound = await coprocessor.binder({ requestId: job.id, modelId, payee });
    const proof = await market.prover.prove([answer.outputHash, answer.inputHash, bound]);
    const { outputHash, outputWords, outputSalt } = answer;
    items.push({ requestId: job.id, proof, payee, outputHash, outputWords, outputSalt });
  }
  await coprocessor.fulfillBatch(items);
  for (const [i, job] of jobs.entries()) {
    assert.equal((await job.waitForResult()).outputs[0]!.integers[0], BigInt(i));
  }
});

test('a fee is quoted by the service, where it serves the chain and the deadline', async () => {
  const client = clientOf({ service });
  const quoted = { workerFee: 'quote' } as const;
  await assert.rejects(ask(client, quoted), { code: 'CLIENT_QUOTE_CHAIN' });
  const chain = {
    ...{ chainId: '31337', modelId: market.modelId, modelPrice: String(TEST_PRICE) },
    ...{ workerFee: '12345', earliestDeadline: (await market.chain.now()) + 60 },
  };
  fixture.quotedChains = [chain];
  const job = await ask(client, quoted);
  assert.equal(job.request.terms.workerFee, 12345n);
  await assert.rejects(ask(client, { ...quoted, deadlineInSeconds: 5 }), {
    code: 'CLIENT_DEADLINE_TOO_SOON',
  });
  await assert.rejects(ask(clientOf(), quoted), { code: 'CLIENT_NEEDS_SERVICE' });
});

test('nothing is sent, and nothing handed over, above the most that may be paid', async () => {
  const { requester } = market.accounts;
  const nonce = await requester.getNonce();
  const client = clientOf({ service });
  const above = { maxCost: COST - 1n, salt: 'random' } as const;
  await assert.rejects(ask(client, above), { code: 'CLIENT_MAX_COST' });
  const callback = { gasLimit: 100_000n, gasPrice: 10n };
  await assert.rejects(ask(client, { callback }), { code: 'CLIENT_MAX_COST' });
  assert.equal(await requester.getNonce(), nonce);
  assert.equal(fixture.seen.length, 0);
});

test('a hidden input needs a service, asking needs a signer', async () => {
  await assert.rejects(ask(clientOf(), { salt: 'random' }), { code: 'CLIENT_NEEDS_SERVICE' });
  const reader = clientOf({ runner: market.chain.provider });
  await assert.rejects(ask(reader), { code: 'CLIENT_NO_SIGNER' });
  await assert.rejects(reader.withdraw(), { code: 'CLIENT_NO_SIGNER' });
});

test('a registration of another network, circuit, key or shape is not asked', async () => {
  const [input] = model.inputs;
  const [output] = model.outputs;
  const key = structuredClone(market.prover.key);
  const changes: Partial<Model>[] = [
    { modelDigest: '33'.repeat(32) },
    { circuitDigest: '33'.repeat(32) },
    { inputs: [{ ...input!, shape: [5] }] },
    { outputs: [{ ...output!, bits: 21 }] },
    { verificationKey: { ...key, IC: [...key.IC].reverse() } },
  ];
  for (const change of changes) {
    const asked = { ...model, ...change };
    const reals = { input: new Array(asked.inputs[0]!.shape[0]!).fill(1) };
    await assert.rejects(
      ask(clientOf(), { ...reals, model: asked, modelId: market.modelId }),
      { code: 'CLIENT_MODEL_ON_CHAIN' },
      JSON.stringify(Object.keys(change)),
    );
  }
  const unknown = { ...model, modelDigest: '33'.repeat(32) };
  await assert.rejects(ask(clientOf(), { model: unknown }), {
    code: 'CONTRACTS_MODEL_NOT_REGISTERED',
  });
});

test('a description names the registration on its chain', async () => {
  const { address: coprocessor } = market.coprocessor(market.accounts.worker);
  const named = (modelId: string) => ({
    ...model,
    chains: [{ chainId: '31337', coprocessor: coprocessor.toLowerCase(), modelId }],
  });
  const job = await ask(clientOf(), { model: named(market.modelId) });
  assert.equal(job.request.terms.modelId, market.modelId);
  await assert.rejects(ask(clientOf(), { model: named(`0x${'ab'.repeat(32)}`) }), {
    code: 'CONTRACTS_MODEL_UNKNOWN',
  });
});

test('a request is taken up again by its id; an unknown one is not found', async () => {
  const job = await ask(clientOf());
  const again = await clientOf({ runner: market.chain.provider }).job(job.id, { model });
  assert.deepEqual(again.request, job.request);
  await assert.rejects(again.result(), { code: 'CLIENT_NOT_FULFILLED' });
  await fulfil(job, await inlineInput(job));
  assert.equal((await again.waitForResult()).outputs[0]!.predicted, 1);
  await assert.rejects(clientOf().job(`0x${'ab'.repeat(32)}`, { model }), {
    code: 'CLIENT_REQUEST_NOT_FOUND',
  });
});

test('a wait ends by time or by its caller', async () => {
  const job = await ask(clientOf());
  await assert.rejects(job.waitForResult({ timeoutMs: 50 }), { code: 'CLIENT_TIMEOUT' });
  const reason = new Error('mine');
  const controller = new AbortController();
  const waiting = job.waitForResult({ signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(waiting, reason);
  const signal = AbortSignal.abort(reason);
  await assert.rejects(ask(clientOf({ service }), { signal }), reason);
});

test('a fulfilment counts once it has its confirmations', async () => {
  const job = await ask(clientOf({ confirmations: 3 }));
  await fulfil(job, await inlineInput(job));
  const seen: string[] = [];
  const following = (async () => {
    for await (const { status, stage } of job.updates()) seen.push(`${status} ${stage}`);
  })();
  await waitUntil(() => seen.length > 0);
  await market.chain.provider.send('evm_mine', []);
  assert.deepEqual(seen, ['active confirm']);
  await market.chain.provider.send('evm_mine', []);
  await following;
  assert.deepEqual(seen, ['active confirm', 'done null']);
});

// Moves the clock on: the last.
test('a request that nobody fulfils expires, is refunded and paid out', async () => {
  const client = clientOf();
  const job = await ask(client);
  await assert.rejects(job.refund(), { code: 'CONTRACTS_NOT_REFUNDABLE' });
  const { requester } = market.accounts;
  const waiting = assert.rejects(job.waitForResult(), { code: 'CLIENT_JOB_EXPIRED' });
  await market.chain.setTime(Number(await client.coprocessor.effectiveDeadline(job.id)) + 1);
  await waiting;
  await job.refund();
  await assert.rejects(job.waitForResult(), { code: 'CLIENT_JOB_REFUNDED' });
  const { status } = await client.coprocessor.status(job.id);
  assert.equal(status, RequestStatus.Refunded);
  assert.equal(await client.coprocessor.balanceOf(await requester.getAddress()), COST);
  await client.withdraw();
  assert.equal(await client.coprocessor.balanceOf(await requester.getAddress()), 0n);
  await assert.rejects(client.withdraw(), { code: 'CONTRACTS_NOTHING_TO_WITHDRAW' });
});
