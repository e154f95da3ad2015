import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { modelPin } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { LocalChain } from '@zkinfer/verifier-contracts/node';
import { SimulatedProver } from '@zkinfer/verifier-contracts/testing';
import { prepareInput } from '../input/prepare-input.ts';
import type { JobUpdate } from '../job/inference-job.ts';
import type { Model } from '../model/open-model.ts';
import { type FixtureAnswer, FixtureService, refusal } from '../testing/fixture-service.ts';
import { answerOf, testDescription } from '../testing/test-model.ts';
import { ServiceClient } from './service-client.ts';

const REALS = [5.1, 3.5, 1.4, 0.2];
const BUSY: FixtureAnswer = {
  ...refusal(429, 'QUEUE_RATE_LIMIT', 'too many'),
  headers: { 'retry-after': '0' },
};

let chain: LocalChain;
let prover: SimulatedProver;
let service: FixtureService;
let client: ServiceClient;
let model: Model;

before(async () => {
  chain = await LocalChain.start();
  prover = await SimulatedProver.place(chain.provider);
});
after(() => chain?.stop());
beforeEach(async () => {
  service = await FixtureService.start(testDescription(prover.key), (s) => prover.prove(s));
  client = new ServiceClient({ url: service.url, apiKey: 'test-key', timeoutMs: 2_000 });
  model = await client.model('11'.repeat(32), { trustService: true });
});
afterEach(() => service.close());

/** Spoils the JSON of the answers to one path. */
function tamper(path: RegExp, change: (body: Record<string, unknown>) => object): void {
  service.spoil = ({ method, path: asked }, answer) =>
    path.test(`${method} ${asked}`)
      ? { ...answer, body: change(answer.body as Record<string, unknown>) }
      : undefined;
}

async function collect(updates: AsyncIterable<JobUpdate>): Promise<string[]> {
  const all: string[] = [];
  for await (const { status, stage, progress } of updates) {
    all.push(`${status} ${stage} ${progress?.done ?? ''}`.trim());
  }
  return all;
}

test('a job is submitted as an envelope, followed, and its answer checked and opened', async () => {
  const job = await client.submit({ model, input: REALS, binder: 77n });
  const updates = collect(job.updates());
  await waitUntil(() => service.openStreams === 1);
  service.advance(job.id, { stage: 'prove', progress: { step: 'points', done: 0.5 } });
  service.finish(job.id);
  assert.deepEqual(await updates, ['active infer', 'active prove 0.5', 'done prove']);
  const { outputs, signals } = await job.waitForResult();
  const [species] = outputs;
  assert.deepEqual(
    [species!.label, species!.predicted, species!.reals],
    ['versicolor', 1, [-1.5, 2.5, 2.499]],
  );
  assert.equal(signals.inputHash, job.asked.inputHash);
  assert.equal(signals.binder, 77n);
  const { input } = JSON.parse(service.seen.find(({ method }) => method === 'POST')!.body);
  assert.deepEqual(Object.keys(input), ['envelope'], 'reals stay here');
  const words = input.envelope.words.map(BigInt);
  const expected = answerOf(model, { words, inputSalt: job.asked.inputSalt });
  assert.equal(signals.outputHash, expected.outputHash);
});

test('a job is taken up again by what was asked, in another process too', async () => {
  const { id, asked } = await client.submit({ model, input: REALS });
  service.finish(id);
  const again = new ServiceClient({ url: service.url, apiKey: 'test-key' }).job(id, asked);
  assert.equal((await again.waitForResult()).outputs[0]!.label, 'versicolor');
  const other = client.job(id, { ...asked, inputHash: asked.inputHash + 1n });
  await assert.rejects(other.result(), { code: 'CLIENT_STATEMENT_DIFFERS' });
});

test('streams that are cut off are taken up again, without telling a thing twice', async () => {
  const job = await client.submit({ model, input: REALS });
  const updates = collect(job.updates());
  await waitUntil(() => service.openStreams === 1);
  service.dropStreams();
  await waitUntil(() => service.openStreams === 1 && service.count(/updates/) === 2);
  service.advance(job.id, { stage: 'prove' });
  service.finish(job.id);
  assert.deepEqual(await updates, ['active infer', 'active prove', 'done prove']);
});

test('a stream that never begins is given up, and the job asked for', async () => {
  service.refuse = ({ path }) => (path.endsWith('/updates') ? 'hang' : undefined);
  const impatient = new ServiceClient({ url: service.url, apiKey: 'test-key', timeoutMs: 50 });
  const { id, asked } = await client.submit({ model, input: REALS });
  service.finish(id);
  assert.deepEqual(await collect(impatient.job(id, asked).updates()), ['done prove']);
  assert.equal(service.count(/updates/), 3);
});

test('where there are no streams, the job is asked for', async () => {
  service.streams = false;
  const job = await client.submit({ model, input: REALS });
  const updates = collect(job.updates());
  await waitUntil(() => service.count(/GET \/v1\/jobs\/[^/]+$/) > 0);
  service.finish(job.id);
  assert.deepEqual(await updates, ['active infer', 'done prove']);
});

test('a busy or absent service is asked again; the job is made once', async () => {
  const refusals: (FixtureAnswer | 'drop')[] = [BUSY, 'drop', { status: 502, body: '<html>' }];
  service.refuse = ({ method }) => (method === 'POST' ? refusals.shift() : undefined);
  const job = await client.submit({ model, input: REALS, idempotencyKey: 'mine' });
  assert.equal(job.id, 'h-mine');
  assert.equal(service.count(/POST/), 4);
  const keys = service.seen.map(({ headers }) => headers['idempotency-key']);
  assert.deepEqual(keys.slice(-4), ['mine', 'mine', 'mine', 'mine']);
});

test('a service that stays busy, or asks for too long a pause, is told of with its code', async () => {
  service.refuse = () => BUSY;
  await assert.rejects(client.models(), { code: 'QUEUE_RATE_LIMIT', name: 'EnvironmentError' });
  const before = service.seen.length;
  service.refuse = () => ({ ...BUSY, headers: { 'retry-after': '3600' } });
  await assert.rejects(client.models(), { code: 'QUEUE_RATE_LIMIT' });
  assert.equal(service.seen.length, before + 1);
});

test('a refusal keeps its code and is not tried again', async () => {
  const stranger = new ServiceClient({ url: service.url, apiKey: 'wrong' });
  const before = service.seen.length;
  await assert.rejects(stranger.models(), { code: 'QUEUE_API_KEY', name: 'InputError' });
  await assert.rejects(client.view('unknown'), { code: 'QUEUE_JOB_UNKNOWN', name: 'InputError' });
  assert.equal(service.seen.length, before + 2);
  const options = { model, idempotencyKey: 'k' };
  await client.submit({ ...options, input: REALS });
  await assert.rejects(client.submit({ ...options, input: [1, 2, 3, 4] }), {
    code: 'QUEUE_IDEMPOTENCY_KEY',
  });
});

test('answers that are none are named as such', async () => {
  const garbage: FixtureAnswer[] = [
    { status: 200, body: '<html>' },
    { status: 200, body: { models: [] } },
    { status: 404, body: 'not found' },
    { status: 400, body: { error: { code: 'lower case', what: 'x' } } },
  ];
  for (const answer of garbage) {
    service.refuse = () => answer;
    await assert.rejects(client.models(), { code: 'CLIENT_SERVICE_ANSWER' });
  }
});

test('nobody who answers, and no address, are told apart', async () => {
  const gone = new ServiceClient({ url: 'http://127.0.0.1:1/', retries: 0 });
  await assert.rejects(gone.models(), { code: 'CLIENT_SERVICE_UNREACHABLE' });
  for (const url of ['', 'ftp://x', 'http://user:pass@x', 'https://x/?key=1']) {
    assert.throws(() => new ServiceClient({ url }), { code: 'CLIENT_SERVICE_URL' });
  }
});

test('a redirect is not followed: the key is for this service', async () => {
  let followed = 0;
  service.refuse = ({ path }) => {
    if (path === '/elsewhere') followed++;
    return { status: 307, headers: { location: `${service.url}/elsewhere` }, body: '' };
  };
  const impatient = new ServiceClient({ url: service.url, apiKey: 'test-key', retries: 0 });
  await assert.rejects(impatient.models(), { code: 'CLIENT_SERVICE_UNREACHABLE' });
  assert.equal(followed, 0);
});

test('a service that hangs is given up in time, a caller that aborts is heard', async () => {
  service.refuse = () => 'hang';
  const impatient = new ServiceClient({ url: service.url, timeoutMs: 20, retries: 1 });
  await assert.rejects(impatient.models(), { code: 'CLIENT_TIMEOUT' });
  const reason = new Error('mine');
  const controller = new AbortController();
  const asking = client.models({ signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(asking, reason);
});

test('waiting ends by time or by its caller, and the job goes on', async () => {
  const job = await client.submit({ model, input: REALS });
  await assert.rejects(job.waitForResult({ timeoutMs: 20 }), { code: 'CLIENT_TIMEOUT' });
  const reason = new Error('mine');
  await assert.rejects(job.waitForResult({ signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const waiting = job.waitForResult({ signal: controller.signal });
  await waitUntil(() => service.openStreams === 1);
  controller.abort(reason);
  await assert.rejects(waiting, reason);
  await waitUntil(() => service.openStreams === 0);
  service.finish(job.id);
  assert.equal((await job.waitForResult()).outputs[0]!.predicted, 1);
});

test('a job that is cancelled or fails ends its wait with its status and code', async () => {
  const cancelled = await client.submit({ model, input: REALS });
  const code = 'CLIENT_JOB_CANCELLED';
  await Promise.all([assert.rejects(cancelled.waitForResult(), { code }), cancelled.cancel()]);
  const failed = await client.submit({ model, input: REALS });
  service.advance(failed.id, { status: 'failed', outcomeCode: 'PROVER_MEMORY' });
  await assert.rejects(failed.waitForResult(), {
    code: 'CLIENT_JOB_FAILED',
    got: 'failed, PROVER_MEMORY',
  });
});

test('a service that lies about a result is found out', async () => {
  const job = await client.submit({ model, input: REALS });
  const other = await client.submit({ model, input: [1, 2, 3, 4] });
  service.finish(job.id);
  service.finish(other.id);
  const foreign = await client.result(other.id);
  const { publicSignals } = await client.result(job.id);
  const lies: [object, string][] = [
    [{ proof: foreign.proof }, 'CLIENT_PROOF_INVALID'],
    [{ proof: foreign.proof, publicSignals: foreign.publicSignals }, 'CLIENT_STATEMENT_DIFFERS'],
    [{ publicSignals: [publicSignals[0], publicSignals[1], '5'] }, 'CLIENT_PROOF_INVALID'],
    [{ publicSignals: publicSignals.slice(0, 2) }, 'CLIENT_PROOF_MALFORMED'],
    [{ proof: {} }, 'CLIENT_PROOF_MALFORMED'],
    [{ outputWords: ['7'] }, 'CLIENT_OUTPUT_DIFFERS'],
    [{ outputWords: ['7', '8'] }, 'CORE_WORD_COUNT'],
    [{ jobId: other.id }, 'CLIENT_SERVICE_ANSWER'],
  ];
  for (const [lie, code] of lies) {
    tamper(/\/result$/, (body) => ({ ...body, ...lie }));
    await assert.rejects(job.result(), { code }, code);
  }
  tamper(/\/result$/, (body) => body);
  await job.waitForResult();
});

test('a proof that is bound to something else is no answer', async () => {
  const { id, asked } = await client.submit({ model, input: REALS, binder: 5n });
  service.finish(id);
  for (const binder of [0n, 6n]) {
    await assert.rejects(client.job(id, { ...asked, binder }).result(), {
      code: 'CLIENT_STATEMENT_DIFFERS',
    });
  }
});

test('a service that answers about another model is found out', async () => {
  const modelDigest = '44'.repeat(32);
  tamper(/models|quotes|POST \/v1\/jobs/, (body) => ({ ...body, modelDigest }));
  const differs = { code: 'CLIENT_MODEL_DIGEST' };
  await assert.rejects(client.model(model.modelDigest, { trustService: true }), differs);
  await assert.rejects(client.quote(model.modelDigest), differs);
  await assert.rejects(client.submit({ model, input: REALS }), differs);
});

test('a service whose model is not the pinned one is found out', async () => {
  const pin = modelPin(testDescription(prover.key));
  assert.equal((await client.model(model.modelDigest, { pin })).pin, pin);
  const [input] = model.inputs;
  tamper(/models/, (body) => ({ ...body, inputs: [{ ...input, scale: 0.5 }] }));
  await assert.rejects(client.model(model.modelDigest, { pin }), { code: 'CLIENT_MODEL_PIN' });
});

test('another job in the place of the one that was asked for is found out', async () => {
  const job = await client.submit({ model, input: REALS });
  tamper(/GET \/v1\/jobs/, (body) => ({ ...body, id: 'h-other' }));
  await assert.rejects(client.view(job.id), { code: 'CLIENT_SERVICE_ANSWER' });
});

test('an envelope that the service takes for another input is found out', async () => {
  const { envelope, inputHash } = prepareInput(model, REALS);
  assert.match((await client.storeEnvelope(envelope, inputHash)).uri, /^zkinfer:input\//);
  tamper(/envelopes/, (body) => ({ ...body, inputHash: '5' }));
  await assert.rejects(client.storeEnvelope(envelope, inputHash), { code: 'CLIENT_ENVELOPE_HASH' });
});
