/** The service as its clients meet it: HTTP on the loopback, in one process, with real proofs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobResult, type JobView, servicePath } from '@zkinfer/core/service';
import { loadServiceConfig, openService } from '@zkinfer/queue';
import { writeProvableTestModel } from '@zkinfer/queue/testing';
import type { BenchModel } from '../models/bench-model.ts';
import { compileBenchModel } from '../models/compile-bench-model.ts';
import type { JobRunner } from './job-runner.ts';

/** What a job is asked for: the first sample of the calibration. */
interface Submission {
  readonly modelDigest: string;
  readonly input: { readonly reals: readonly (readonly number[])[]; readonly inputSalt: string };
}

/**
 * A service that proves one model; `run` resolves when the client has the result.
 * @throws as compiling, setting up and `openService` do
 */
export async function serviceRunner(model: BenchModel): Promise<JobRunner> {
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-bench-service-'));
  const submission = await writeServedModel(join(folder, 'models', model.name), model);
  const config = await loadServiceConfig({
    overrides: {
      dataDirectory: join(folder, 'data'),
      models: join(folder, 'models'),
      http: { port: 0, anonymous: true },
    },
  });
  const service = await openService(config, { version: 'bench' });
  return {
    run: () => prove(service.url, submission),
    async close() {
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeServedModel(path: string, model: BenchModel): Promise<Submission> {
  const { network } = await compileBenchModel(model);
  const { directory } = await writeProvableTestModel(path, network);
  const { graph, calibration } = await model.load();
  const reals = graph.inputs.map(({ shape }, i) => {
    const elements = shape.reduce((product, extent) => product * extent, 1);
    return [...calibration[i]!.subarray(0, elements)];
  });
  return { modelDigest: directory.manifest.modelDigest, input: { reals, inputSalt: '0' } };
}

/** Submits, follows the job to its end, fetches the proof. */
async function prove(url: string, submission: Submission): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(submission);
  const submitted = await fetch(url + servicePath('jobs'), { method: 'POST', headers, body });
  const { id } = await answerOf<JobView>(submitted);
  // The stream of updates ends with the job.
  await (await fetch(url + servicePath('jobUpdates', { id }))).text();
  const { proof } = await answerOf<JobResult>(await fetch(url + servicePath('jobResult', { id })));
  if (proof === undefined) throw new Error(`job ${id} has a result without a proof`);
}

async function answerOf<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`the service answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
