/** What may go wrong while a worker computes; real children, proofs and a tiny model. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CompiledModel, openCompiledModel } from '@zkinfer/circuits';
import { EnvironmentError, SETUP_FILES } from '@zkinfer/core';
import { waitUntil } from '@zkinfer/core/testing';
import type { ModelStore } from '../artifacts/model-store.ts';
import { statusOf } from '../jobs/job-record.ts';
import { requireStageResult } from '../jobs/stage-results.ts';
import type { LoggedLine } from '../testing/collected-logs.ts';
import { InferenceService } from '../testing/inference-service.ts';
import { OpenModelStore } from '../testing/open-model-store.ts';
import { writeProvableTestModel } from '../testing/small-model.ts';
import type { InferenceWorker } from './inference-worker.ts';

let folder: string;
let model: CompiledModel;
let modelDigest: string;
let service: InferenceService;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-worker-faults-'));
  model = await writeProvableTestModel(join(folder, 'model'));
  modelDigest = model.directory.manifest.modelDigest;
});
after(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  service = await InferenceService.start({ model });
});
afterEach(() => service.close());

/** The worker's latest proving process, stopped: what it is asked for stays undone. */
function freezeProving(lines: readonly LoggedLine[]): number {
  const begun = lines.filter(({ message }) => message === 'a child process begins');
  const proving = begun.map(({ fields }) => fields as { child: string; pid: number });
  const { pid } = proving.findLast(({ child }) => child === 'proving')!;
  process.kill(pid, 'SIGSTOP');
  return pid;
}

const isProving = (worker: InferenceWorker) => () =>
  worker.status().running.some(({ stage }) => stage === 'prove');

test('progress is told while a job is proved', async () => {
  const heard: string[] = [];
  await service.backend.watchProgress('prove', (_, { step, done }) =>
    heard.push(`${step} ${done}`),
  );
  await service.startWorker('one');
  await service.submit('job', [3, 200]);
  await service.done('job');
  assert.ok(heard.includes('read the key 0'));
  assert.ok(heard.includes('compute the witness 0'));
  assert.ok(heard.includes('verify 0'));
});

test('a proving process that is killed costs a try, and the job goes on', async () => {
  const { worker, lines } = await service.startWorker('one');
  const pid = freezeProving(lines);
  await service.submit('job', [3, 200]);
  await waitUntil(isProving(worker));
  process.kill(pid, 'SIGKILL');
  const job = await service.done('job');
  const retrying = job.events.filter(({ what }) => what === 'retrying');
  assert.deepEqual(
    retrying.map(({ stage, code }) => [stage, code]),
    [['prove', 'QUEUE_CHILD_DIED']],
  );
  assert.equal(worker.status().tasksFailed, 1);
});

test('cancelling a job stops its computation, and the next one is done', async () => {
  const { worker, lines } = await service.startWorker('one');
  const pid = freezeProving(lines);
  await service.submit('job', [3, 200]);
  await waitUntil(isProving(worker));
  await service.submit('next', [3, 200]);
  await service.pipeline.cancel('job');
  await service.done('next');
  assert.equal(statusOf(await service.ended('job')), 'cancelled');
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  assert.equal(worker.status().tasksFailed, 0);
});

test('draining lets a task finish, and takes no other', async () => {
  const { worker, lines } = await service.startWorker('one');
  const pid = freezeProving(lines);
  await service.submit('job', [3, 200]);
  await waitUntil(isProving(worker));
  const drained = worker.drain({ graceMs: 60_000 });
  assert.equal(worker.status().draining, true);
  await service.submit('late', [3, 200]);
  process.kill(pid, 'SIGCONT');
  await drained;
  await service.done('job');
  assert.deepEqual(await service.backend.states('infer', ['late-infer-2']), ['waiting']);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('a task that outlasts the grace of draining is done elsewhere, and costs no try', async () => {
  const { worker, lines } = await service.startWorker('one');
  freezeProving(lines);
  await service.submit('job', [3, 200]);
  await waitUntil(isProving(worker));
  await worker.drain({ graceMs: 50 });
  await service.startWorker('two');
  const job = await service.done('job');
  assert.equal(requireStageResult(job.results, 'prove').worker, 'two');
  assert.ok(!job.events.some(({ what }) => what === 'retrying'));
});

/** A copy of the model with a bit changed in one of its files. */
async function damagedCopy(name: string, file: string): Promise<CompiledModel> {
  const path = join(folder, name);
  await cp(model.directory.path, path, { recursive: true });
  const copy = await openCompiledModel(path);
  const bytes = await readFile(join(path, file));
  bytes[Math.max(0, bytes.length - 100)]! ^= 1;
  await writeFile(join(path, file), bytes);
  return copy;
}

for (const [file, stage, code] of [
  [SETUP_FILES.provingKey, 'prove', 'PROVER_KEY_ALTERED'],
  ['weights.bin', 'infer', 'CORE_ARTIFACT_TAMPERED'],
] as const) {
  test(`a worker with a damaged ${file} says so, and another one does the job`, async () => {
    const damaged = new OpenModelStore([await damagedCopy(`damaged-${stage}`, file)]);
    const bad = await service.startWorker('bad', { models: damaged });
    await service.submit('job', [3, 200]);
    await waitUntil(() => bad.worker.status().unusableModels.length > 0);
    const [unusable] = bad.worker.status().unusableModels;
    assert.deepEqual([unusable?.modelDigest, unusable?.code], [modelDigest, code]);
    assert.ok(bad.lines.some(({ level }) => level === 'error'));
    await service.startWorker('good');
    const job = await service.done('job');
    assert.equal(requireStageResult(job.results, stage).worker, 'good');
    assert.ok(!job.events.some(({ what }) => what === 'retrying'));
    assert.equal(bad.worker.status().tasksFailed, 0);
  });
}

test('a model that is too large for a worker is left to others', async () => {
  const { worker } = await service.startWorker('small', { memoryLimitBytes: 100_000 });
  await service.submit('job', [3, 200]);
  await waitUntil(() => worker.status().unusableModels.length > 0);
  assert.equal(worker.status().unusableModels[0]?.code, 'QUEUE_MEMORY_LIMIT');
  await service.startWorker('large');
  const { results } = await service.done('job');
  assert.equal(requireStageResult(results, 'prove').worker, 'large');
});

test('a store that cannot be reached fails no job', async () => {
  let asked = 0;
  const models: ModelStore = {
    list: async () => [],
    open: async () => {
      asked += 1;
      throw new EnvironmentError({ code: 'QUEUE_ARTIFACTS_UNAVAILABLE', what: 'away' });
    },
  };
  const { worker } = await service.startWorker('one', { models });
  await service.submit('job', [3, 200]);
  await waitUntil(() => worker.status().unusableModels.length > 0);
  await waitUntil(async () => (await service.backend.counts('infer')).delayed === 1);
  await sleep(100);
  assert.equal(asked, 1);
  assert.equal((await service.pipeline.get('job'))?.attempt, 1);
});

test('an inference that is not what the circuit computes is not proved', async () => {
  await service.startWorker('one');
  // As a worker whose arithmetic is wrong would report it.
  const stop = service.pipeline.onTransition((job) => {
    if (job.stage !== 'infer' || job.outcome !== null) return;
    stop();
    const result = {
      output: '0'.repeat(64),
      outputHash: '1',
      backend: 'wrong',
      inferenceMs: 1,
      worker: 'other',
    };
    const report = { jobId: 'job', fence: job.fence, kind: 'completed', finishes: false } as const;
    void service.pipeline.apply({ ...report, result });
  });
  await service.submit('job', [3, 200]);
  const job = await service.ended('job');
  assert.deepEqual([statusOf(job), job.outcome?.code], ['failed', 'QUEUE_STATEMENT_DIFFERS']);
});
