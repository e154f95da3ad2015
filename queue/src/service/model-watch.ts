/** Which models a service can have proved, looked at again and again: for admission and estimates. */
import type { Logger, VerificationKeyJson } from '@zkinfer/core';
import type { ModelDescription } from '@zkinfer/core/service';
import { verificationKeyHash } from '@zkinfer/verifier-contracts';
import type { ModelStore } from '../artifacts/model-store.ts';
import type { ServedModels } from '../models/served-models.ts';
import type { ProvableModel } from '../settlement/registered-models.ts';

/** What a watch looks at. */
export interface ModelWatchOptions {
  readonly store: Pick<ModelStore, 'open'>;
  readonly described: Pick<ServedModels, 'list'>;
  readonly logger: Logger;
}

/** Looks when it is told to. */
export class ModelWatch {
  readonly #options: ModelWatchOptions;
  readonly #models = new Map<string, ProvableModel>();

  constructor(options: ModelWatchOptions) {
    this.#options = options;
  }

  /** By digest; changes with every look. */
  get models(): ReadonlyMap<string, ProvableModel> {
    return this.#models;
  }

  /**
   * Takes in what has come, takes out what is gone.
   * @throws EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE when the folder cannot be read; as
   *   `ModelStore.open` for a model that goes at this moment
   */
  async look(): Promise<void> {
    const { described, logger } = this.#options;
    const models = await described.list();
    for (const model of models) await this.#take(model);
    const kept = new Set(models.map(({ modelDigest }) => modelDigest));
    for (const modelDigest of [...this.#models.keys()]) {
      if (kept.has(modelDigest)) continue;
      this.#models.delete(modelDigest);
      logger.info({ modelDigest }, 'a model is served no more');
    }
  }

  async #take({ modelDigest, name, verificationKey }: ModelDescription): Promise<void> {
    const { store, logger } = this.#options;
    const { summary } = await store.open(modelDigest);
    const keyHash = verificationKeyHash(verificationKey as unknown as VerificationKeyJson);
    if (!this.#models.has(modelDigest)) logger.info({ modelDigest, name }, 'a model is served');
    this.#models.set(modelDigest, { modelDigest, keyHash, circuit: summary });
  }
}
