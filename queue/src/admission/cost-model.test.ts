import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitSummary } from '@zkinfer/circuits';
import { waitUntil } from '@zkinfer/core/testing';
import { Pipeline } from '../jobs/pipeline.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { CostModel, type ServiceLoad } from './cost-model.ts';
import { FULFIL_GAS } from './fulfilment-gas.ts';
import { withSample } from './moving-average.ts';

const MODEL = 'ab'.repeat(32);
const CIRCUIT = {
  ...{ domainSizeLog2: 12, wires: 4_000, provingKeyBytes: 1e6 },
  publicSignals: ['a', 'b', 'c'],
} as unknown as CircuitSummary;

function setUp(load: ServiceLoad = { waitingJobs: 0, provers: 1 }) {
  const store = new MemoryStore();
  const circuitOf = (digest: string) => (digest === MODEL ? CIRCUIT : undefined);
  const open = () => new CostModel({ store, circuitOf, load: async () => load });
  return { store, open, costs: open(), pipeline: new Pipeline({ store }) };
}

/** A job whose inference and proof take so long. */
async function run(pipeline: Pipeline, id: string, inferenceMs: number, proofMs: number) {
  const request = { modelDigest: MODEL, input: { kind: 'words', words: ['1'] }, binder: '0' };
  const whole = { ...request, chain: null, http: { client: 'c', webhook: null } };
  await pipeline.submit({ id, route: HTTP_ROUTE, request: whole });
  const digest = 'cd'.repeat(32);
  const results = {
    fetch: { envelope: digest, inputHash: '1' },
    infer: { output: digest, outputHash: '1', backend: 'interpreter', inferenceMs, worker: 'w' },
    prove: { proof: digest, engine: 'wasm', witnessMs: 50, proofMs: proofMs - 50, worker: 'w' },
  };
  for (const stage of ['fetch', 'infer', 'prove'] as const) {
    const { fence } = (await pipeline.get(id))!;
    const result = results[stage];
    await pipeline.apply({ jobId: id, fence, kind: 'completed', result, finishes: false });
  }
}

test('an average begins with the mean, and then follows what changes', () => {
  const of = (samples: number[]) => samples.reduce(withSampleOf, undefined)!.value;
  assert.equal(of([100]), 100);
  assert.equal(of([100, 200, 300]), 200);
  const settled = Array.from({ length: 20 }, () => 100);
  assert.ok(of([...settled, ...Array.from({ length: 10 }, () => 200)]) > 185);
  assert.ok(of([...settled, 200]) === 120);
});

function withSampleOf(before: ReturnType<typeof withSample> | undefined, sample: number) {
  return withSample(before, sample);
}

test('before anything is measured the circuit’s size says how long a proof takes', async () => {
  const { costs } = setUp();
  const { proveMs, inferMs, waitMs } = (await costs.expectation(MODEL))!;
  assert.ok(proveMs > 1_000 && proveMs < 2_000, `${proveMs} ms`);
  assert.ok(inferMs > 0 && inferMs < proveMs);
  assert.equal(waitMs, 0);
  assert.equal(await costs.expectation('00'.repeat(32)), undefined);
});

test('what jobs took counts from then on, in another process too', async () => {
  const { costs, open, pipeline } = setUp();
  const failures: unknown[] = [];
  const stop = costs.follow(pipeline, (error) => failures.push(error));
  await run(pipeline, 'one', 10, 300);
  await waitUntil(async () => (await costs.expectation(MODEL))!.proveMs === 300);
  await run(pipeline, 'two', 30, 500);
  await waitUntil(async () => (await open().expectation(MODEL))!.proveMs === 400);
  assert.equal((await open().expectation(MODEL))!.inferMs, 20);
  stop();
  await run(pipeline, 'three', 900, 900);
  assert.equal((await open().expectation(MODEL))!.inferMs, 20);
  assert.deepEqual(failures, []);
});

test('jobs that wait are shared by the provers; without any, by the next that comes', async () => {
  const waiting = async (provers: number) => {
    const { costs, pipeline } = setUp({ waitingJobs: 12, provers });
    costs.follow(pipeline, () => {});
    await run(pipeline, 'one', 100, 400);
    await waitUntil(async () => (await costs.expectation(MODEL))!.waitMs % 500 === 0);
    return (await costs.expectation(MODEL))!.waitMs;
  };
  assert.equal(await waiting(4), 1_500);
  assert.equal(await waiting(0), 6_000);
});

test('gas is a first fulfilment’s until some was measured on that chain', async () => {
  const { costs } = setUp();
  await costs.noteFulfilment(1n, 250_000n);
  await costs.noteFulfilment(1n, 350_000n);
  assert.equal(await costs.fulfilGas(1n), 300_000n);
  assert.equal(await costs.fulfilGas(2n), FULFIL_GAS.first);
});
