import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { modelPin } from '@zkinfer/core/service';
import { chromiumPath } from '@zkinfer/core/testing';
import { TestMarket } from '@zkinfer/verifier-contracts/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { browserBundle } from './testing/browser-bundle.ts';
import { FixtureService } from './testing/fixture-service.ts';
import { answerOf, testDescription } from './testing/test-model.ts';

const PAGE = 'http://app.test/';

/** What an application would write, with its own ethers. */
const APPLICATION = `
import { JsonRpcProvider } from 'ethers';
import { ChainClient, ServiceClient } from './index.js';

const reals = [5.1, 3.5, 1.4, 0.2];

globalThis.askOverHttp = async ({ url, digest, pin }) => {
  const service = new ServiceClient({ url, apiKey: 'test-key' });
  const model = await service.model(digest, { pin });
  const job = await service.submit({ model, input: Float32Array.from(reals) });
  globalThis.finish(job.id);
  const stages = [];
  for await (const { stage, status } of job.updates()) stages.push(stage + ' ' + status);
  const { outputs } = await job.result();
  return { stages, label: outputs[0].label };
};

globalThis.askOnChain = async ({ url, digest, pin, rpc, contracts }) => {
  const service = new ServiceClient({ url, apiKey: 'test-key' });
  const runner = await new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 }).getSigner(1);
  const chain = new ChainClient({ runner, deployment: contracts, service, pollMs: 50 });
  const model = await service.model(digest, { pin });
  const job = await chain.requestInference({
    model, input: reals, workerFee: 1n, maxCost: 10n ** 17n, deadlineInSeconds: 600,
  });
  globalThis.fulfil(job.id);
  const { outputs } = await job.waitForResult({ timeoutMs: 60_000 });
  return outputs[0].label;
};
`;

let market: TestMarket;
let fixture: FixtureService;
let browser: Browser | undefined;
before(async () => {
  const executablePath = chromiumPath('the client in a browser');
  if (executablePath === undefined) return;
  market = await TestMarket.start();
  const { prover } = market;
  fixture = await FixtureService.start(testDescription(prover.key), (s) => prover.prove(s));
  // Chromium asks its user before a page may reach this machine; here nobody could answer.
  const args = ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks'];
  browser = await chromium.launch({ executablePath, args });
});
after(async () => {
  await browser?.close();
  await fixture?.close();
  await market?.chain.stop();
});

/** A page of another origin that has loaded the application. */
async function open(): Promise<Page> {
  const page = await browser!.newPage();
  await page.route(PAGE, (route) => route.fulfill({ contentType: 'text/html', body: '<html>' }));
  await page.goto(PAGE);
  const { code } = await browserBundle({ entry: APPLICATION });
  await page.addScriptTag({ content: new TextDecoder().decode(code), type: 'module' });
  await page.waitForFunction('globalThis.askOnChain !== undefined');
  return page;
}

function pinned() {
  const description = testDescription(market.prover.key);
  return { url: fixture.url, digest: description.modelDigest, pin: modelPin(description) };
}

/** A worker: takes the envelope that the service was given, proves, delivers. */
async function fulfil(requestId: string): Promise<void> {
  const { worker } = market.accounts;
  const coprocessor = market.coprocessor(worker);
  const payee = await worker.getAddress();
  const { body } = fixture.seen.find(({ path }) => path === '/v1/envelopes')!;
  const { words, inputSalt } = JSON.parse(body);
  const input = { words: words.map(BigInt), inputSalt: BigInt(inputSalt) };
  const answer = answerOf(testDescription(market.prover.key), input);
  const { outputHash, outputWords, outputSalt, inputHash } = answer;
  const bound = await coprocessor.binder({ requestId, modelId: market.modelId, payee });
  const proof = await market.prover.prove([outputHash, inputHash, bound]);
  await coprocessor.fulfill({ requestId, proof, payee, outputHash, outputWords, outputSalt });
}

const skips = (context: TestContext) => {
  if (browser === undefined) context.skip('there is no chromium');
  return browser === undefined;
};

test('a page asks a service, follows the job, checks the proof and reads the answer', async (t) => {
  if (skips(t)) return;
  const page = await open();
  await page.exposeFunction('finish', (id: string) => {
    fixture.advance(id, { stage: 'prove' });
    fixture.finish(id);
  });
  const ask = `globalThis.askOverHttp(${JSON.stringify(pinned())})`;
  const { stages, label } = (await page.evaluate(ask)) as { stages: string[]; label: string };
  assert.equal(stages.at(-1), 'prove done');
  assert.equal(label, 'versicolor');
});

test('a page asks on chain with an account, and checks the proof that fulfilled it', async (t) => {
  if (skips(t)) return;
  const page = await open();
  await page.exposeFunction('fulfil', (id: string) => fulfil(id));
  const { InferenceCoprocessor, ModelRegistry } = market.deployment.contracts;
  const contracts = {
    coprocessor: InferenceCoprocessor.address,
    registry: ModelRegistry.address,
  };
  const options = { ...pinned(), rpc: market.chain.url, contracts };
  assert.equal(
    await page.evaluate(`globalThis.askOnChain(${JSON.stringify(options)})`),
    'versicolor',
  );
});

test('a page refuses a description that is not the pinned one', async (t) => {
  if (skips(t)) return;
  const page = await open();
  const other = JSON.stringify({ ...pinned(), pin: '00'.repeat(32) });
  const code = `globalThis.askOverHttp(${other}).catch(({ code }) => code)`;
  assert.equal(await page.evaluate(code), 'CLIENT_MODEL_PIN');
});
