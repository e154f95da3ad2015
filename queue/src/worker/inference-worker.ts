/**
 * A worker: takes tasks of `infer` and `prove` from a backend, and computes them in child
 * processes. Needs neither the store nor the chain; the service runs one in its own process where
 * there is no Redis.
 */
import { availableParallelism, hostname, loadavg } from 'node:os';
import { InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { WorkerStatus } from '@zkinfer/core/service';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { ModelStore } from '../artifacts/model-store.ts';
import type { Consumer, JobBackend } from '../backend/job-backend.ts';
import type { PollLoop } from '../chain/poll-loop.ts';
import { type ReportSink, startStageWorker } from '../jobs/stage-worker.ts';
import type { StageDefinitions } from '../jobs/stages.ts';
import { inferStage } from './infer-stage.ts';
import { InferenceProcesses } from './inference-processes.ts';
import { proveStage } from './prove-stage.ts';
import { ProvingProcesses } from './proving-processes.ts';
import { RunningLog } from './running-log.ts';
import { ServedModels } from './served-models.ts';
import { startHeartbeat, tellWorkerStatus } from './worker-heartbeat.ts';

/** What a worker works with. */
export interface InferenceWorkerOptions {
  readonly backend: JobBackend;
  readonly blobs: BlobStore;
  readonly models: ModelStore;
  readonly stages: Pick<StageDefinitions, 'infer' | 'prove'>;
  /** `reportThrough(backend)`, or `(report) => pipeline.apply(report)` in the pipeline's process. */
  readonly report: ReportSink;
  /** Lower-case letters, digits and `-`, at most 80; unique among the workers of a backend. */
  readonly workerId: string;
  /** Of zkinfer, for the status. */
  readonly version: string;
  /** Tasks of each stage at a time, each in a process of its own; 1 unless told. */
  readonly concurrency?: number;
  /** For models and keys that are kept in memory, of all processes together; 4 GiB unless told. */
  readonly memoryLimitBytes?: number;
  /** Of `ENGINE_NAMES`; the fastest that works here unless told. */
  readonly engine?: string;
  /** Model digests; all of the store unless told. */
  readonly allowedModels?: readonly string[] | null;
  readonly logger?: Logger;
  /** Between two statuses, 5 s unless told. */
  readonly heartbeatMs?: number;
}

const DEFAULT_MEMORY_LIMIT_BYTES = 4 * 2 ** 30;
const DEFAULT_HEARTBEAT_MS = 5_000;
const DEFAULT_ENGINE = 'auto';

/** The share of memory that is for the networks of inference; keys have the rest. */
const INFERENCE_SHARE = 1 / 8;

const WORKER_ID = /^[a-z0-9][a-z0-9-]{0,79}$/;

/**
 * Begins to work.
 * @throws InputError QUEUE_WORKER_ID; as `chooseEngine`; EnvironmentError QUEUE_BACKEND_UNAVAILABLE
 */
export async function startInferenceWorker(
  options: InferenceWorkerOptions,
): Promise<InferenceWorker> {
  requireWorkerId(options.workerId);
  return InferenceWorker.start(options);
}

/** A worker that runs. */
export class InferenceWorker {
  readonly #options: InferenceWorkerOptions;
  readonly #logger: Logger;
  readonly #concurrency: number;
  readonly #memoryLimitBytes: number;
  readonly #inference: InferenceProcesses;
  readonly #proving: ProvingProcesses;
  readonly #models: ServedModels;
  readonly #log = new RunningLog();
  readonly #backends = new Map<string, string>();
  readonly #startedAt = Date.now();
  readonly #consumers: Consumer[] = [];
  #heartbeat: PollLoop | undefined;
  #engine = '';
  #ending: Promise<void> | undefined;

  private constructor(options: InferenceWorkerOptions) {
    const { logger = SILENT_LOGGER, concurrency = 1, models, allowedModels = null } = options;
    this.#options = options;
    this.#logger = logger;
    this.#concurrency = concurrency;
    this.#memoryLimitBytes = options.memoryLimitBytes ?? DEFAULT_MEMORY_LIMIT_BYTES;
    this.#models = new ServedModels({ models, allowedModels, logger });
    const ofInference = Math.floor(INFERENCE_SHARE * this.#memoryLimitBytes);
    this.#inference = new InferenceProcesses({
      processes: concurrency,
      memoryLimitBytes: ofInference,
      logger,
    });
    this.#proving = new ProvingProcesses({
      processes: concurrency,
      memoryLimitBytes: this.#memoryLimitBytes - ofInference,
      engine: options.engine ?? DEFAULT_ENGINE,
      logger,
    });
  }

  /** `startInferenceWorker`. */
  static async start(options: InferenceWorkerOptions): Promise<InferenceWorker> {
    const worker = new InferenceWorker(options);
    try {
      await worker.#begin();
      return worker;
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** What it does now. */
  status(): WorkerStatus {
    const { workerId, version, allowedModels = null } = this.#options;
    return {
      workerId,
      host: hostname(),
      processId: process.pid,
      version,
      at: Date.now(),
      startedAt: this.#startedAt,
      engine: this.#engine,
      backends: Object.fromEntries(this.#backends),
      concurrency: this.#concurrency,
      allowedModels: allowedModels === null ? null : [...allowedModels],
      unusableModels: this.#models.unusable(),
      running: [...this.#log.running],
      proofsDone: this.#log.proofsDone,
      tasksFailed: this.#log.tasksFailed,
      memoryBytes: this.#proving.memoryBytes(),
      memoryLimitBytes: this.#memoryLimitBytes,
      loadPerCore: loadavg()[0]! / availableParallelism(),
      draining: this.#ending !== undefined,
    };
  }

  /**
   * Takes no more tasks and lets those that run finish, as long as the grace lasts; then stops
   * them, for others to do, and ends its processes. Draining twice does no harm.
   */
  drain({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#ending ??= this.#end(graceMs);
    return this.#ending;
  }

  /** Drains without grace. */
  close(): Promise<void> {
    return this.drain({ graceMs: 0 });
  }

  async #begin(): Promise<void> {
    const { backend, stages, report, blobs, workerId, heartbeatMs } = this.#options;
    const [logger, concurrency] = [this.#logger, this.#concurrency];
    this.#engine = await this.#proving.start();
    const shared = { models: this.#models, log: this.#log, blobs, workerId };
    const handlers = {
      infer: inferStage({
        ...shared,
        inference: this.#inference,
        onBackend: (model, name) => this.#backends.set(model, name),
      }),
      prove: proveStage({ ...shared, proving: this.#proving }),
    };
    for (const name of ['infer', 'prove'] as const) {
      const [stage, handler] = [stages[name], handlers[name]];
      const options = { backend, stage, handler, report, concurrency, logger };
      this.#consumers.push(await startStageWorker(options));
    }
    const intervalMs = heartbeatMs ?? DEFAULT_HEARTBEAT_MS;
    this.#heartbeat = startHeartbeat(backend, () => this.status(), { intervalMs, logger });
  }

  async #end(graceMs: number): Promise<void> {
    // After `#ending` is set: the status that is told says so.
    await Promise.resolve();
    const { backend } = this.#options;
    const said = tellWorkerStatus(backend, this.status()).catch(() => {});
    await Promise.all([said, ...this.#consumers.map((consumer) => consumer.close({ graceMs }))]);
    await this.#heartbeat?.stop();
    await Promise.all([this.#inference.close(), this.#proving.close()]);
  }
}

function requireWorkerId(id: string): void {
  if (WORKER_ID.test(id)) return;
  throw new InputError({
    code: 'QUEUE_WORKER_ID',
    what: 'the name of a worker',
    got: id.slice(0, 100),
    expected: 'lower-case letters, digits and -, at most 80',
  });
}
