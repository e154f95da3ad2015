/** The models of a service, described: what its clients may ask for. */
import type { CompiledModel } from '@zkinfer/circuits';
import { InputError, type Logger, SILENT_LOGGER, ZkinferError } from '@zkinfer/core';
import type { ModelDescription } from '@zkinfer/core/service';
import type { ModelStore } from '../artifacts/model-store.ts';
import { describeModel } from './describe-model.ts';

/** What is served. */
export interface ServedModelsOptions {
  readonly models: ModelStore;
  /** Digests of the only models that are served; all of the store unless told. */
  readonly allowed?: readonly string[] | null;
  /** Where a model is registered and served; nowhere unless told. */
  readonly chainsOf?: (modelDigest: string) => ModelDescription['chains'];
  /** Hears of models that cannot be described. */
  readonly logger?: Logger;
}

/** Describes each model once, and again when its files have changed. */
export class ServedModels {
  readonly #options: ServedModelsOptions;
  readonly #described = new WeakMap<CompiledModel, ModelDescription>();

  /** Of which the log has been told. */
  readonly #unusable = new Set<string>();

  constructor(options: ServedModelsOptions) {
    this.#options = options;
  }

  /** All that are whole, in the order of their digests. @throws EnvironmentError as ModelStore */
  async list(): Promise<readonly ModelDescription[]> {
    const { models, logger = SILENT_LOGGER } = this.#options;
    const served = (await models.list()).filter((modelDigest) => this.#isAllowed(modelDigest));
    const described = served.map(async (modelDigest) => {
      try {
        return await this.get(modelDigest);
      } catch (err) {
        if (!(err instanceof ZkinferError)) throw err;
        if (!this.#unusable.has(modelDigest))
          logger.warn({ err, modelDigest }, 'a model is damaged');
        this.#unusable.add(modelDigest);
        return undefined;
      }
    });
    return (await Promise.all(described)).filter((description) => description !== undefined);
  }

  /**
   * One of them; undefined for a digest that is not served.
   * @throws as `ModelStore.open`, but for unknown models; as `describeModel`
   */
  async get(modelDigest: string): Promise<ModelDescription | undefined> {
    if (!this.#isAllowed(modelDigest)) return undefined;
    const model = await this.#open(modelDigest);
    if (model === undefined) return undefined;
    const description = this.#described.get(model) ?? (await describeModel(model));
    this.#described.set(model, description);
    return { ...description, chains: this.#options.chainsOf?.(modelDigest) ?? [] };
  }

  async #open(modelDigest: string): Promise<CompiledModel | undefined> {
    try {
      return await this.#options.models.open(modelDigest);
    } catch (error) {
      const codes = ['QUEUE_MODEL_UNKNOWN', 'QUEUE_MODEL_DIGEST'];
      if (error instanceof InputError && codes.includes(error.code)) return undefined;
      throw error;
    }
  }

  #isAllowed(modelDigest: string): boolean {
    const { allowed = null } = this.#options;
    return allowed === null || allowed.includes(modelDigest);
  }
}
