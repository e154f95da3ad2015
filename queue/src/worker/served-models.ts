/** Which models a worker serves now, and where they are. */
import type { Logger } from '@zkinfer/core';
import type { UnusableModelStatus } from '@zkinfer/core/service';
import type { ModelStore } from '../artifacts/model-store.ts';
import { type ModelPlace, placeOf } from './open-served-model.ts';
import { openingModel, type UnusableModel } from './unusable-model.ts';

/** What a worker serves. */
export interface ServedModelsOptions {
  readonly models: ModelStore;
  /** Digests; null serves all that the store has. */
  readonly allowedModels: readonly string[] | null;
  readonly logger: Logger;
  /** Milliseconds since 1970; the clock unless told. */
  readonly now?: () => number;
}

/** How long a model is not tried again: a disk or a download is not mended sooner by asking. */
const UNUSABLE_MS = 5 * 60_000;

/** Where the store cannot be reached, or does not have the model yet. */
const ABSENT_MS = 15_000;

const ABSENT_CODES: readonly string[] = ['QUEUE_ARTIFACTS_UNAVAILABLE', 'QUEUE_MODEL_UNKNOWN'];

/** The models of one worker. */
export class ServedModels {
  readonly #options: ServedModelsOptions;
  readonly #now: () => number;
  readonly #unusable = new Map<string, { readonly code: string; readonly until: number }>();

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Whether tasks of this model are for this worker. */
  serves(modelDigest: string): boolean {
    const { allowedModels } = this.#options;
    const until = this.#unusable.get(modelDigest)?.until ?? 0;
    return (allowedModels?.includes(modelDigest) ?? true) && until <= this.#now();
  }

  /**
   * Where a model is, as the store says each time: it knows what has changed. Children check the
   * files that they read again.
   * @throws UnusableModel; the signal's reason
   */
  async find(modelDigest: string, signal: AbortSignal): Promise<ModelPlace> {
    const { models } = this.#options;
    return placeOf(
      await openingModel(modelDigest, signal, () => models.open(modelDigest, { signal })),
    );
  }

  /** Leaves a model to other workers for a while, then asks the store again. */
  setAside({ modelDigest, code, cause }: UnusableModel): void {
    const until = this.#now() + (ABSENT_CODES.includes(code) ? ABSENT_MS : UNUSABLE_MS);
    this.#unusable.set(modelDigest, { code, until });
    const fields = { err: cause, modelDigest, code, until: new Date(until).toISOString() };
    this.#options.logger.error(
      fields,
      'a model cannot be used here: its tasks go to other workers',
    );
  }

  /** The models that are left to others now. */
  unusable(): UnusableModelStatus[] {
    const now = this.#now();
    return [...this.#unusable]
      .filter(([, { until }]) => until > now)
      .map(([modelDigest, { code, until }]) => ({ modelDigest, code, until }));
  }
}
