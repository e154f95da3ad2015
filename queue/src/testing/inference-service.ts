/** A pipeline over a backend whose jobs ask for inferences of one model, and workers for them. */
import assert from 'node:assert/strict';
import type { CompiledModel } from '@zkinfer/circuits';
import { waitUntil } from '@zkinfer/core/testing';
import type { BlobStore } from '../artifacts/blob-store.ts';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import type { JobBackend } from '../backend/job-backend.ts';
import { Dispatcher } from '../jobs/dispatcher.ts';
import { type JobRecord, statusOf } from '../jobs/job-record.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { startStageWorker } from '../jobs/stage-worker.ts';
import { DEFAULT_STAGES, type StageDefinitions, type StageName } from '../jobs/stages.ts';
import {
  type InferenceWorker,
  type InferenceWorkerOptions,
  startInferenceWorker,
} from '../worker/inference-worker.ts';
import { collectedLogs, type LoggedLine } from './collected-logs.ts';
import { fetchStored, inferenceJob } from './inference-jobs.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryStore } from './memory-store.ts';
import { OpenModelStore } from './open-model-store.ts';

/** How a stage is tried in tests: often, at once. */
function quick(name: StageName) {
  const retry = { attempts: 3, firstDelayMs: 20, longestDelayMs: 40, jitter: 0 };
  return { ...DEFAULT_STAGES[name], retry };
}

/** The stages of the service. */
export const QUICK_STAGES: StageDefinitions = {
  ...DEFAULT_STAGES,
  infer: quick('infer'),
  prove: quick('prove'),
};

/** A worker in this process, and what it logs. */
export interface LoggedWorker {
  readonly worker: InferenceWorker;
  readonly lines: readonly LoggedLine[];
}

/** Where the service works. */
export interface InferenceServiceOptions {
  readonly model: CompiledModel;
  /** In this process unless told; closed with the service. */
  readonly backend?: JobBackend;
  /** In memory unless told. */
  readonly blobs?: BlobStore;
}

/** Owns what it starts. */
export class InferenceService {
  readonly model: CompiledModel;
  readonly backend: JobBackend;
  readonly blobs: BlobStore;
  readonly pipeline: Pipeline;
  readonly #dispatcher: Dispatcher;
  readonly #workers: InferenceWorker[] = [];

  private constructor(
    { model, blobs }: Required<InferenceServiceOptions>,
    backend: JobBackend,
    pipeline: Pipeline,
    dispatcher: Dispatcher,
  ) {
    this.model = model;
    this.blobs = blobs;
    this.backend = backend;
    this.pipeline = pipeline;
    this.#dispatcher = dispatcher;
  }

  static async start(options: InferenceServiceOptions): Promise<InferenceService> {
    const { model, blobs = new MemoryBlobStore() } = options;
    const store = new MemoryStore();
    const backend = options.backend ?? (await InProcessBackend.open(store));
    const pipeline = new Pipeline({ store, stages: QUICK_STAGES });
    const dispatcher = await Dispatcher.start({ pipeline, backend, sweepMs: 500 });
    await startStageWorker({
      backend,
      stage: QUICK_STAGES.fetch,
      handler: fetchStored(blobs, model.network),
      report: (report) => pipeline.apply(report),
      concurrency: 1,
    });
    return new InferenceService({ model, blobs, backend }, backend, pipeline, dispatcher);
  }

  async startWorker(
    workerId: string,
    more: Partial<InferenceWorkerOptions> = {},
  ): Promise<LoggedWorker> {
    const { logger, lines } = collectedLogs();
    const worker = await startInferenceWorker({
      backend: this.backend,
      blobs: this.blobs,
      models: new OpenModelStore([this.model]),
      stages: QUICK_STAGES,
      report: (report) => this.pipeline.apply(report),
      workerId,
      version: '0.0.0',
      logger,
      ...more,
    });
    this.#workers.push(worker);
    return { worker, lines };
  }

  /** Submits a job. @param input one integer for each element of the model's input */
  async submit(id: string, input: readonly number[]): Promise<void> {
    await this.pipeline.submit(await inferenceJob(id, this.blobs, this.model, input));
  }

  async ended(id: string): Promise<JobRecord> {
    await waitUntil(async () => (await this.pipeline.get(id))?.outcome !== null);
    return (await this.pipeline.get(id))!;
  }

  /** The job, which must end well. */
  async done(id: string): Promise<JobRecord> {
    const job = await this.ended(id);
    assert.deepEqual([statusOf(job), job.outcome?.code], ['done', 'QUEUE_DONE']);
    return job;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await this.#dispatcher.close();
    await this.backend.close();
  }
}
