import type { CompiledModel } from '@zkinfer/circuits';
import { InputError } from '@zkinfer/core';
import type { ModelStore } from '../artifacts/model-store.ts';

/** `ModelStore` over models that are open, and not checked again. */
export class OpenModelStore implements ModelStore {
  readonly #models: ReadonlyMap<string, CompiledModel>;

  constructor(models: readonly CompiledModel[]) {
    this.#models = new Map(models.map((model) => [model.directory.manifest.modelDigest, model]));
  }

  async list(): Promise<readonly string[]> {
    return [...this.#models.keys()].sort();
  }

  async open(modelDigest: string): Promise<CompiledModel> {
    const model = this.#models.get(modelDigest);
    if (model !== undefined) return model;
    throw new InputError({ code: 'QUEUE_MODEL_UNKNOWN', what: 'there is no such model' });
  }
}
