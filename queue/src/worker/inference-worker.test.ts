/** A worker on a backend in this process, with real children, proofs and a tiny model. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type CompiledModel, outputLayoutsOf } from '@zkinfer/circuits';
import { COMMITMENT_KIND, commitTensors, unpack } from '@zkinfer/core';
import { readSchema, WorkerStatusSchema } from '@zkinfer/core/service';
import { waitUntil } from '@zkinfer/core/testing';
import { readVerificationKey, verifyProof } from '@zkinfer/prover';
import { OutputBlobSchema, ProofBlobSchema, requireStageResult } from '../jobs/stage-results.ts';
import { TEST_BINDER } from '../testing/inference-jobs.ts';
import { InferenceService } from '../testing/inference-service.ts';
import { writeProvableTestModel } from '../testing/small-model.ts';

let folder: string;
let model: CompiledModel;
let service: InferenceService;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-worker-'));
  model = await writeProvableTestModel(join(folder, 'model'));
});
after(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  service = await InferenceService.start({ model });
});
afterEach(() => service.close());

async function readBlob(sha256: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await service.blobs.get(sha256)));
}

test('a job is inferred and proved, and the proof is about its input and output', async () => {
  const { worker } = await service.startWorker('one');
  await service.submit('job', [3, 200]);
  const { results } = await service.done('job');
  const infer = requireStageResult(results, 'infer');
  const prove = requireStageResult(results, 'prove');
  assert.deepEqual(
    [infer.worker, infer.backend],
    ['one', worker.status().backends[model.directory.manifest.modelDigest]],
  );
  assert.deepEqual([prove.worker, prove.engine], ['one', worker.status().engine]);
  const { proof, publicSignals } = readSchema(ProofBlobSchema, await readBlob(prove.proof), 'it');
  const { inputHash } = requireStageResult(results, 'fetch');
  assert.deepEqual(publicSignals, [infer.outputHash, inputHash, TEST_BINDER]);
  const key = await readVerificationKey(model.directory);
  assert.deepEqual(verifyProof(key, publicSignals, proof), { valid: true });
  const output = readSchema(OutputBlobSchema, await readBlob(infer.output), 'it');
  const layouts = outputLayoutsOf(model.network);
  // (3, 200) times the matrix of the weights 1, −2, 3, 4 plus 5, −6.
  assert.deepEqual(unpack(output.outputWords.map(BigInt), layouts), [[608n, 788n]]);
  const hash = commitTensors(
    COMMITMENT_KIND.output,
    layouts,
    output.outputWords.map(BigInt),
    BigInt(output.outputSalt),
  );
  assert.equal(`${hash}`, infer.outputHash);
  readSchema(WorkerStatusSchema, worker.status(), 'the status');
  assert.ok(worker.status().memoryBytes > 0);
  assert.equal(worker.status().proofsDone, 1);
});

test('a worker leaves models alone that it may not serve', async () => {
  const { worker } = await service.startWorker('picky', { allowedModels: ['0'.repeat(64)] });
  await service.submit('job', [3, 200]);
  await waitUntil(async () => (await service.backend.counts('infer')).delayed === 1);
  assert.deepEqual(worker.status().running, []);
  await service.startWorker('any');
  const job = await service.done('job');
  assert.equal(requireStageResult(job.results, 'infer').worker, 'any');
  assert.equal(requireStageResult(job.results, 'prove').worker, 'any');
  assert.ok(!job.events.some(({ what }) => what === 'retrying'));
});

test('a worker needs a name, and an engine that exists', async () => {
  for (const id of ['', 'Upper', 'a b', '-a', 'x'.repeat(81)]) {
    await assert.rejects(service.startWorker(id), { code: 'QUEUE_WORKER_ID' });
  }
  await assert.rejects(service.startWorker('one', { engine: 'abacus' }), {
    code: 'PROVER_ENGINE_UNKNOWN',
  });
});
