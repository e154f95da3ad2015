import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ModelDescription } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import { Dispatcher } from '../jobs/dispatcher.ts';
import { type JobRecord, statusOf } from '../jobs/job-record.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { reportThrough } from '../jobs/reports.ts';
import type { OutputBlob, ProofBlob } from '../jobs/stage-results.ts';
import { REPORT_QUEUE, type StageReport } from '../jobs/stage-task.ts';
import { describeModel } from '../models/describe-model.ts';
import { InferenceService } from '../testing/inference-service.ts';
import { MemoryBlobStore } from '../testing/memory-blob-store.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { writeProvableTestModel } from '../testing/small-model.ts';
import { reportExaminer } from './examine-report.ts';

let folder: string;
let model: ModelDescription;
const blobs = new MemoryBlobStore();
/** Jobs of two inputs that an honest worker has done. */
let job: JobRecord;
let other: JobRecord;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-examine-'));
  const compiled = await writeProvableTestModel(join(folder, 'small'));
  model = await describeModel(compiled);
  const service = await InferenceService.start({ model: compiled, blobs });
  await service.startWorker('honest');
  await service.submit('job', [1, 2]);
  await service.submit('other', [3, 4]);
  job = await service.done('job');
  other = await service.done('other');
  await service.close();
});
after(() => rm(folder, { recursive: true, force: true }));

const models = {
  get: async (digest: string) => (digest === model.modelDigest ? model : undefined),
};

/** What is believed of a result of a stage. */
function examined(stage: 'infer' | 'prove', result: object, more: Partial<JobRecord> = {}) {
  const asked = { ...job, ...more, stage, outcome: null };
  return reportExaminer({ blobs, models })(completed(asked, result), asked);
}

function completed({ id: jobId, fence }: JobRecord, result: object): StageReport {
  return { jobId, fence, kind: 'completed', result: result as never, finishes: true };
}

async function stored<T>(sha256: unknown): Promise<T> {
  return JSON.parse(Buffer.from(await blobs.get(String(sha256))).toString()) as T;
}

const put = (value: unknown) => blobs.put(Buffer.from(JSON.stringify(value)));

test('true outputs and proofs are believed; that the rest of the route is not needed is not', async () => {
  for (const stage of ['infer', 'prove'] as const) {
    const report = await examined(stage, job.results[stage]!);
    assert.deepEqual(report, { ...completed(job, job.results[stage]!), finishes: false });
  }
});

test('errors of workers are passed on', async () => {
  const error = { code: 'QUEUE_CHILD_DIED', class: 'retryable' } as const;
  const report: StageReport = { jobId: job.id, fence: job.fence, kind: 'error', error };
  const asked = { ...job, stage: 'infer', outcome: null } as const;
  assert.equal(await reportExaminer({ blobs, models })(report, asked), report);
});

for (const stage of ['fetch', 'settle', 'confirm', 'callback'] as const) {
  test(`nobody but the service reports on ${stage}`, async () => {
    const asked = { ...job, stage, outcome: null };
    assert.equal(await reportExaminer({ blobs, models })(completed(asked, {}), asked), undefined);
  });
}

const untrueOutputs: Record<string, () => Promise<object>> = {
  'another hash than the output’s': async () => ({ outputHash: other.results.infer!.outputHash }),
  'the output of another job': async () => ({ output: other.results.infer!.output }),
  'other words under the same hash': async () => {
    const output = await stored<OutputBlob>(job.results.infer!.output);
    return { output: await put({ ...output, outputWords: ['0'] }) };
  },
  'an output of another model': async () => {
    const output = await stored<OutputBlob>(job.results.infer!.output);
    return { output: await put({ ...output, modelDigest: 'ab'.repeat(32) }) };
  },
};

for (const [what, change] of Object.entries(untrueOutputs)) {
  test(`a worker that reports ${what} is not believed`, async () => {
    const report = await examined('infer', { ...job.results.infer, ...(await change()) });
    assert.deepEqual(errorOf(report), { code: 'QUEUE_REPORT_UNTRUE', class: 'retryable' });
  });
}

const untrueProofs: Record<string, (proof: ProofBlob) => Promise<unknown>> = {
  'the proof of another input': async () => stored(other.results.prove!.proof),
  'the statement of this job with the proof of another': async (proof) => {
    const { proof: foreign } = await stored<ProofBlob>(other.results.prove!.proof);
    return { ...proof, proof: foreign };
  },
  'a proof for another binder': async (proof) => ({
    ...proof,
    publicSignals: [...proof.publicSignals.slice(0, 2), '8'],
  }),
};

for (const [what, forge] of Object.entries(untrueProofs)) {
  test(`a worker that reports ${what} is not believed`, async () => {
    const forged = await forge(await stored<ProofBlob>(job.results.prove!.proof));
    const report = await examined('prove', { ...job.results.prove, proof: await put(forged) });
    assert.deepEqual(errorOf(report), { code: 'QUEUE_REPORT_UNTRUE', class: 'retryable' });
  });
}

test('results of another form, and blobs that are not there, are not believed', async () => {
  const cases: [object, string][] = [
    [{}, 'CORE_SCHEMA'],
    [{ ...job.results.prove, engine: 7 }, 'CORE_SCHEMA'],
    [{ ...job.results.prove, engine: 'x'.repeat(3_000) }, 'QUEUE_REPORT_UNTRUE'],
    [{ ...job.results.prove, proof: '0'.repeat(64) }, 'QUEUE_BLOB_UNKNOWN'],
    [{ ...job.results.prove, proof: await blobs.put(Buffer.from('{"')) }, 'CORE_JSON_SYNTAX'],
  ];
  for (const [result, code] of cases) {
    assert.deepEqual(errorOf(await examined('prove', result)), { code, class: 'retryable' });
  }
});

test('a job goes on by true reports of its own stage alone, whoever reports', async () => {
  const store = new MemoryStore();
  const backend = await InProcessBackend.open(store);
  const pipeline = new Pipeline({ store });
  const examine = reportExaminer({ blobs, models });
  const dispatcher = await Dispatcher.start({ pipeline, backend, examine });
  const report = reportThrough(backend);
  const { request, results, route } = job;
  const { job: begun } = await pipeline.submit({ id: 'forged', route, request });
  await report(completed(begun, { ...results.fetch, inputHash: '1' }));
  await waitUntil(async () => {
    const { waiting, delayed, running } = await backend.counts(REPORT_QUEUE);
    return waiting + delayed + running === 0;
  });
  assert.equal((await pipeline.get('forged'))?.stage, 'fetch');
  await pipeline.apply({ ...completed(begun, results.fetch!), finishes: false } as StageReport);
  const atInfer = (await pipeline.get('forged'))!;
  assert.deepEqual([atInfer.stage, atInfer.results.fetch], ['infer', results.fetch]);
  await report(completed(atInfer, results.infer!));
  await waitUntil(async () => (await pipeline.get('forged'))?.stage === 'prove');
  const atProve = (await pipeline.get('forged'))!;
  await report(completed(atProve, other.results.prove!));
  await waitUntil(async () => (await pipeline.get('forged'))!.attempt === 2);
  const again = (await pipeline.get('forged'))!;
  assert.deepEqual([statusOf(again), again.results.prove], ['active', undefined]);
  await report(completed(again, results.prove!));
  await waitUntil(async () => statusOf((await pipeline.get('forged'))!) === 'done');
  await dispatcher.close();
  await backend.close();
});

function errorOf(report: StageReport | undefined) {
  return report?.kind === 'error' ? report.error : report;
}
