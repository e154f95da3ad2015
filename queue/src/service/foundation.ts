/** What everything else in a service stands on: store, backend, pipeline, blobs, models. */
import { mkdir } from 'node:fs/promises';
import type { Logger } from '@zkinfer/core';
import { writeError } from '@zkinfer/core/node';
import { CostModel, loadOf } from '../admission/cost-model.ts';
import { DirectoryBlobStore } from '../artifacts/directory-blob-store.ts';
import { DirectoryModelStore } from '../artifacts/directory-model-store.ts';
import type { JobBackend } from '../backend/job-backend.ts';
import { EnvelopeShelf } from '../inputs/envelope-shelf.ts';
import { Pipeline } from '../jobs/pipeline.ts';
import { ServedModels } from '../models/served-models.ts';
import type { ChainService } from '../settlement/chain-service.ts';
import { LevelStore } from '../store/level-store.ts';
import type { CloseInOrder } from './close-in-order.ts';
import { dataLayout } from './data-layout.ts';
import { ModelWatch } from './model-watch.ts';
import { openBackend } from './open-backend.ts';
import type { ServiceConfig } from './service-config.ts';
import { Statistics } from './statistics.ts';
import { WorkerRoster } from './worker-roster.ts';

/** The parts that begin nothing by themselves. */
export interface Foundation {
  readonly store: LevelStore;
  readonly backend: JobBackend;
  readonly pipeline: Pipeline;
  readonly blobs: DirectoryBlobStore;
  readonly shelf: EnvelopeShelf;
  readonly modelFiles: DirectoryModelStore;
  readonly models: ServedModels;
  readonly watch: ModelWatch;
  readonly roster: WorkerRoster;
  readonly statistics: Statistics;
  readonly costs: CostModel;
  /** To be filled as they are opened. */
  readonly chains: ChainService[];
}

/**
 * Opens them.
 * @param parts remembers what is to be closed
 * @throws EnvironmentError QUEUE_STORE_LOCKED when another service has the data directory open,
 *   CORE_WRITE_*, QUEUE_REDIS_*, QUEUE_ARTIFACTS_UNAVAILABLE; IntegrityError QUEUE_STORE_*
 */
export async function openFoundation(
  config: ServiceConfig,
  logger: Logger,
  parts: CloseInOrder,
): Promise<Foundation> {
  const layout = dataLayout(config.dataDirectory);
  await makeDirectory(config.dataDirectory);
  const store = parts.add('store', await LevelStore.open(layout.store), (open) => open.close());
  const backend = await openBackend(config.redis, store, logger);
  parts.add('backend', backend, (open) => open.close());
  const pipeline = new Pipeline({ store });
  const statistics = await Statistics.open({ pipeline });
  parts.add('statistics', statistics, (open) => open.close());
  const blobs = new DirectoryBlobStore(layout.blobs);
  const roster = new WorkerRoster();
  const chains: ChainService[] = [];
  const { watch, ...models } = await openModels(config, chains, logger);
  const costs = new CostModel({
    store,
    circuitOf: (modelDigest) => watch.models.get(modelDigest)?.circuit,
    load: loadOf(backend, () => roster.provers()),
  });
  const unlearned = (err: unknown) => logger.warn({ err }, 'a measured time is not remembered');
  parts.add('cost model', costs.follow(pipeline, unlearned), (stop) => stop());
  const shelf = await EnvelopeShelf.open({ store, blobs });
  const kept = { store, backend, pipeline, statistics, blobs, shelf };
  return { ...kept, ...models, watch, roster, costs, chains };
}

async function openModels(
  { models: directory, allowModels }: ServiceConfig,
  chains: readonly ChainService[],
  logger: Logger,
) {
  const modelFiles = new DirectoryModelStore({ directory, logger });
  const models = new ServedModels({
    models: modelFiles,
    allowed: allowModels ?? null,
    chainsOf: (modelDigest) => chains.flatMap((chain) => chain.registrationsOf(modelDigest)),
    logger,
  });
  const watch = new ModelWatch({ store: modelFiles, described: models, logger });
  await watch.look();
  return { modelFiles, models, watch };
}

/** For its owner alone: inputs and proofs of others are in it. */
async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw writeError(cause, path);
  });
}
