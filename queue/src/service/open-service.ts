/**
 * `zkinfer serve` as a function: store, backend, pipeline, chains, HTTP and, where nobody else does
 * the work, a worker, composed as a configuration says.
 */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { ChainStatus, Overview } from '@zkinfer/core/service';
import { PollLoop } from '../chain/poll-loop.ts';
import { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { fetchInputHandler } from '../inputs/fetch-input.ts';
import { Dispatcher } from '../jobs/dispatcher.ts';
import { type StageHandler, startStageWorker } from '../jobs/stage-worker.ts';
import type { StageName } from '../jobs/stages.ts';
import { chainHandlers } from '../settlement/chain-handlers.ts';
import { reportExaminer } from '../worker/examine-report.ts';
import { type InferenceWorker, startInferenceWorker } from '../worker/inference-worker.ts';
import { consumeWorkerStatus } from '../worker/worker-heartbeat.ts';
import { workerIdOf } from '../worker/worker-id.ts';
import { CloseInOrder } from './close-in-order.ts';
import { type Foundation, openFoundation } from './foundation.ts';
import { openChain } from './open-chains.ts';
import { openHttp } from './open-http.ts';
import { pruneJobs } from './prune-jobs.ts';
import type { ServiceConfig } from './service-config.ts';
import { serviceOverview } from './service-overview.ts';

/** What a service is besides its configuration. */
export interface OpenServiceOptions {
  /** Of zkinfer, for display. */
  readonly version: string;
  readonly logger?: Logger;
  /** How long closing waits for what embedded workers have begun, 120 s unless told. */
  readonly graceMs?: number;
  /** How long the start waits for nodes that do not answer, 60 s unless told. */
  readonly patienceMs?: number;
  /** Ends that waiting: the start fails then. */
  readonly signal?: AbortSignal;
}

/** A service that runs. */
export interface RunningService {
  /** Where it answers, such as http://127.0.0.1:8080. */
  readonly url: string;
  /** Chains as they were at the start. */
  readonly chains: readonly ChainStatus[];
  /** `bullmq` or `in-process`. */
  readonly backend: string;
  /** Of the embedded worker; undefined without one. */
  readonly engine: string | undefined;
  overview(): Promise<Overview>;
  /**
   * Takes no more requests, lets embedded work finish, then ends everything in order. What is
   * under way elsewhere goes on at the next start. Closing twice does no harm.
   */
  close(): Promise<void>;
}

const DEFAULT_OPTIONS = {
  graceMs: 120_000,
  patienceMs: 60_000,
  signal: new AbortController().signal,
};

/** Between looks at the folder of models. */
const LOOK_MS = 10_000;
const PRUNE_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Tasks at a time in this process. Settling waits for others to share a transaction, confirming for
 * blocks, fetching for hosts (see `HostSlots`): none works.
 */
const CONCURRENCY = { fetch: 64, settle: 64, confirm: 256, callback: 8 } as const;

/**
 * Starts a service. One for a data directory, and so for a signer.
 * @throws InputError QUEUE_CONFIG, QUEUE_NO_API_KEYS, QUEUE_HTTP_ANONYMOUS; EnvironmentError
 *   QUEUE_STORE_LOCKED, QUEUE_HTTP_LISTEN, QUEUE_REDIS_*, CONTRACTS_RPC_UNREACHABLE; as `openChain`
 */
export async function openService(
  config: ServiceConfig,
  options: OpenServiceOptions,
): Promise<RunningService> {
  const logger = options.logger ?? SILENT_LOGGER;
  const parts = new CloseInOrder(logger);
  try {
    return await compose(config, { ...DEFAULT_OPTIONS, ...options, logger }, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function compose(
  config: ServiceConfig,
  options: Required<OpenServiceOptions>,
  parts: CloseInOrder,
): Promise<RunningService> {
  const { version, logger } = options;
  const startedAt = Date.now();
  const foundation = await openFoundation(config, logger, parts);
  const { pipeline, backend, roster, chains } = foundation;
  await openChains(config, foundation, options, parts);
  const urls = new UrlFetcher({ allow: config.fetch.allow });
  await startStages({ foundation, urls, logger, parts });
  const examine = reportExaminer(foundation);
  const dispatcher = await Dispatcher.start({ pipeline, backend, logger, examine });
  parts.add('dispatcher', dispatcher, (open) => open.close());
  const statuses = await consumeWorkerStatus(backend, (status) => roster.hear(status), logger);
  parts.add('worker statuses', statuses, (open) => open.close());
  const worker = await startWorker(config, foundation, options, parts);
  startLoops(config, { foundation, logger, parts });
  const overview = () => serviceOverview({ ...foundation, version, startedAt });
  const url = await openHttp(config, { ...foundation, urls, overview, logger, parts });
  return {
    url,
    chains: await Promise.all(chains.map((chain) => chain.status())),
    backend: backend.name,
    engine: worker?.status().engine,
    overview,
    close: () => parts.close(),
  };
}

async function openChains(
  config: ServiceConfig,
  { store, pipeline, blobs, costs, watch, chains }: Foundation,
  { logger, patienceMs, signal }: Required<OpenServiceOptions>,
  parts: CloseInOrder,
): Promise<void> {
  const { allowModels } = config;
  const patience = { patienceMs, signal, logger };
  const from = { store, pipeline, blobs, costs, models: watch.models };
  const shared = { ...from, allowModels, logger, patience };
  for (const [i, chain] of config.chains.entries()) {
    chains.push(await openChain(chain, `chains[${i}]`, shared, parts));
  }
}

interface RunningParts {
  readonly foundation: Foundation;
  readonly logger: Logger;
  readonly parts: CloseInOrder;
}

/** The stages that need the store or the chain: all but inference and proofs. */
async function startStages({
  foundation,
  urls,
  logger,
  parts,
}: RunningParts & { readonly urls: UrlFetcher }): Promise<void> {
  const { backend, pipeline, blobs, models, shelf, chains } = foundation;
  const handlers: Partial<Record<StageName, StageHandler>> = {
    fetch: fetchInputHandler({ blobs, models, urls, shelf }),
    ...(chains.length === 0 ? {} : chainHandlers(chains)),
  };
  for (const [name, handler] of Object.entries(handlers)) {
    const consumer = await startStageWorker({
      backend,
      stage: pipeline.stages[name as StageName],
      handler,
      report: (report) => pipeline.apply(report),
      concurrency: CONCURRENCY[name as keyof typeof CONCURRENCY],
      logger,
    });
    parts.add(`stage ${name}`, consumer, (open) => open.close());
  }
}

async function startWorker(
  { workers, allowModels }: ServiceConfig,
  { backend, pipeline, blobs, modelFiles }: Foundation,
  { version, logger, graceMs }: Required<OpenServiceOptions>,
  parts: CloseInOrder,
): Promise<InferenceWorker | undefined> {
  if (workers.embedded === 0) return undefined;
  const worker = await startInferenceWorker({
    backend,
    blobs,
    models: modelFiles,
    stages: pipeline.stages,
    report: (report) => pipeline.apply(report),
    workerId: workerIdOf('embedded'),
    version,
    concurrency: workers.embedded,
    memoryLimitBytes: workers.memoryMegabytes * 1e6,
    engine: workers.engine,
    allowedModels: allowModels ?? null,
    logger,
  });
  return parts.add('embedded worker', worker, (open) => open.drain({ graceMs }));
}

function startLoops(
  { retention }: ServiceConfig,
  { foundation, logger, parts }: RunningParts,
): void {
  const { pipeline, blobs, shelf, statistics, watch } = foundation;
  const loop = (failed: string, intervalMs: number, round: () => Promise<unknown>) =>
    parts.add(failed, new PollLoop(round, { intervalMs, logger, failed }), (open) => open.stop());
  loop('looking for models', LOOK_MS, () => watch.look());
  loop('forgetting old jobs', PRUNE_MS, async () => {
    await shelf.prune({ olderThanMs: retention.doneDays * DAY_MS });
    const forgotten = statistics.forget.bind(statistics);
    await pruneJobs({ pipeline, blobs, shelf, retention, forgotten });
  });
}
