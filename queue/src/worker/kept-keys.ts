/** Models with their keys, decoded and ready to prove, as many as memory allows. */
import { type Circuit, circuitOf } from '@zkinfer/circuits';
import { InternalError, type Progress } from '@zkinfer/core';
import {
  type LoadedProvingKey,
  loadStoredKey,
  type ProvingEngine,
  proofMemoryBytes,
  requireSetupRecord,
} from '@zkinfer/prover';
import { KeptValues } from './kept-values.ts';
import {
  type ModelPlace,
  nameOfPlace,
  networkMemoryBytes,
  openServedModel,
} from './open-served-model.ts';

/** A model that can be proved at once. */
export interface ProvableModel {
  readonly circuit: Circuit;
  readonly key: LoadedProvingKey;
  readonly keySha256: string;
}

/** Which model is opened, and how. */
export interface OpenKeyOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Of a key whose points this worker has checked before. */
  readonly trustedSha256?: string | undefined;
}

/**
 * A model counts with its network and circuit, the bytes of its key, and what the kernels take for
 * the decoded key and a proof under it. While a key is loaded, there is room for its bytes; the
 * kernels take theirs at the first proof.
 */
export class KeptKeys {
  readonly #models: KeptValues<ProvableModel>;

  constructor(engine: ProvingEngine, limitBytes: number) {
    this.#models = new KeptValues(limitBytes, ({ key }) => engine.release(key));
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#models.bytes;
  }

  /**
   * Loads a model unless it is there, and keeps it in place of those not used for longest.
   * @throws as `openServedModel`, `circuitOf`, `loadStoredKey`; EnvironmentError QUEUE_MEMORY_LIMIT
   */
  async open(place: ModelPlace, options: OpenKeyOptions = {}): Promise<ProvableModel> {
    const kept = this.#models.use(nameOfPlace(place));
    if (kept !== undefined) return kept;
    const { trustedSha256, ...loading } = options;
    const { directory, ...model } = await openServedModel(place);
    const { keyBytes, keySha256 } = await requireSetupRecord(directory);
    const networkBytes = networkMemoryBytes(directory.manifest);
    await this.#models.makeRoom(networkBytes + keyBytes);
    const circuit = circuitOf({ directory, ...model });
    const key = await loadStoredKey(directory, {
      ...loading,
      ...(trustedSha256 === undefined ? {} : { trustedSha256 }),
    });
    const provable = { circuit, key, keySha256 };
    const bytes = networkBytes + key.file.bytes.length + proofMemoryBytes(key.file);
    await this.#models.keep(nameOfPlace(place), provable, bytes);
    return provable;
  }

  /** A model that was opened just now. @throws InternalError QUEUE_MODEL_NOT_OPEN */
  require(place: ModelPlace): ProvableModel {
    const kept = this.#models.use(nameOfPlace(place));
    if (kept !== undefined) return kept;
    const what = 'a model is to be proved that was not opened';
    throw new InternalError({ code: 'QUEUE_MODEL_NOT_OPEN', what });
  }
}
