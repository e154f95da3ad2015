/** What an inference child does for its parent. */
import {
  chooseInference,
  type Network,
  type NetworkInference,
  outputLayoutsOf,
  outputsOf,
} from '@zkinfer/circuits';
import {
  COMMITMENT_KIND,
  canonicalJson,
  commitTensors,
  InternalError,
  type Logger,
  outputSalt,
  pack,
} from '@zkinfer/core';
import type { OutputBlob } from '../jobs/stage-results.ts';
import { envelopeInputs } from './envelope-inputs.ts';
import { KeptValues } from './kept-values.ts';
import { type ModelPlace, networkMemoryBytes, openServedModel } from './open-served-model.ts';

/** How an inference child is set up. */
export interface InferenceSettings {
  /** For networks. */
  readonly memoryLimitBytes: number;
}

/** What is to be run, of the model that was opened last. */
export interface InferCall {
  readonly place: ModelPlace;
  /** JSON of `encodeEnvelope`. */
  readonly envelope: string;
}

/** What the network gave. */
export interface Inferred {
  /** JSON of an OutputBlob. */
  readonly output: string;
  readonly outputHash: string;
  /** `interpreter`, or the TF.js backend that ran the network and is exact. */
  readonly backend: string;
  readonly inferenceMs: number;
}

interface RunnableModel {
  readonly network: Network;
  readonly inference: NetworkInference;
}

/** The methods of an inference child. */
export class InferenceCalls {
  readonly #models: KeptValues<RunnableModel>;
  readonly #logger: Logger;

  constructor({ memoryLimitBytes }: InferenceSettings, logger: Logger) {
    this.#models = new KeptValues(memoryLimitBytes, ({ inference }) => inference.close());
    this.#logger = logger;
  }

  /**
   * Opens a model unless it is there, and chooses what runs it.
   * @throws as `openServedModel`; EnvironmentError QUEUE_MEMORY_LIMIT
   */
  async open(place: ModelPlace): Promise<void> {
    if (this.#models.use(place.modelDigest) !== undefined) return;
    const { network, directory } = await openServedModel(place);
    const bytes = networkMemoryBytes(directory.manifest);
    await this.#models.makeRoom(bytes);
    const { inference, reason } = await chooseInference(network, { logger: this.#logger });
    const fields = { modelDigest: place.modelDigest, backend: inference.backend, reason };
    this.#logger.info(fields, 'a backend for inference was chosen');
    await this.#models.keep(place.modelDigest, { network, inference }, bytes);
  }

  /** @throws as `envelopeInputs`; as `NetworkInference.run` */
  async infer({ place: { modelDigest }, envelope }: InferCall): Promise<Inferred> {
    const { network, inference } = this.#require(modelDigest);
    const { inputs, inputSalt } = envelopeInputs(envelope, modelDigest, network);
    const started = performance.now();
    const { tensors, backend } = await inference.run(inputs);
    const inferenceMs = performance.now() - started;
    const layouts = outputLayoutsOf(network);
    const words = pack(outputsOf(network, tensors), layouts);
    const salt = outputSalt(inputSalt);
    const blob: OutputBlob = {
      version: 1,
      modelDigest,
      outputWords: words.map(String),
      outputSalt: `${salt}`,
    };
    const outputHash = commitTensors(COMMITMENT_KIND.output, layouts, words, salt);
    return {
      output: canonicalJson({ ...blob }),
      outputHash: `${outputHash}`,
      backend,
      inferenceMs,
    };
  }

  #require(modelDigest: string): RunnableModel {
    const kept = this.#models.use(modelDigest);
    if (kept !== undefined) return kept;
    const what = 'a model is to be run that was not opened';
    throw new InternalError({ code: 'QUEUE_MODEL_NOT_OPEN', what });
  }
}
