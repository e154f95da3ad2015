import { EnvironmentError, type Logger } from '@zkinfer/core';
import type { LoadedTensorflow } from '../float/backend.ts';
import type { Network } from '../graph/network.ts';
import { interpret, requireInputs, type Trace } from '../interpret/interpret.ts';
import { distrust, reasonToDistrust } from './distrust.ts';
import { traceDifference } from './integer-difference.ts';
import { INTERPRETER, type InferenceRun, type NetworkInference } from './network-inference.ts';
import type { LayerPlan } from './plan-layers.ts';
import { runLayers } from './run-layers.ts';
import type { TensorLayer } from './tensor-layer.ts';

/** What a `TensorInference` is made of; it owns the layers. */
export interface TensorInferenceParts {
  readonly network: Network;
  readonly loaded: LoadedTensorflow;
  readonly layers: readonly TensorLayer[];
  readonly plan: readonly LayerPlan[];
  /** Every so many runs are compared with the interpreter; 0 for none. */
  readonly checkEvery: number;
  readonly logger: Logger;
}

/**
 * A network whose heavy layers run on TensorFlow.js, made by `openTensorInference`. When a run
 * fails or a comparison shows a difference, the interpreter's result is given, and the interpreter
 * runs this and every other network of the process from then on.
 */
export class TensorInference implements NetworkInference {
  readonly plan: readonly LayerPlan[];
  readonly #parts: TensorInferenceParts;
  #lastRun: Promise<unknown> = Promise.resolve();
  #runs = 0;
  #closed = false;
  #disposed = false;

  constructor(parts: TensorInferenceParts) {
    this.#parts = parts;
    this.plan = parts.plan;
  }

  get backend(): string {
    const { tf, backend } = this.#parts.loaded;
    if (reasonToDistrust(tf) !== undefined) return INTERPRETER;
    return tensorBackendName(backend);
  }

  run(inputs: readonly Float64Array[]): Promise<InferenceRun> {
    if (this.#closed) return Promise.reject(inferenceClosedError());
    return this.#inTurn(() => this.#run(inputs));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inTurn(async () => this.#dispose());
  }

  async #run(inputs: readonly Float64Array[]): Promise<InferenceRun> {
    const { network, layers, checkEvery } = this.#parts;
    requireInputs(network, inputs);
    const { backend } = this;
    let tensors: Trace | undefined;
    if (backend !== INTERPRETER) {
      try {
        this.#requireChecked();
        tensors = await runLayers(network, layers, inputs);
        this.#runs++;
      } catch (error) {
        this.#giveUp(`an inference failed: ${(error as Error).message}`);
      }
    }
    const isCheckDue = checkEvery > 0 && this.#runs % checkEvery === 0;
    if (tensors !== undefined && !isCheckDue) return { tensors, backend };
    const exact = interpret(network, inputs);
    if (tensors === undefined) return { tensors: exact, backend: INTERPRETER };
    const difference = traceDifference(network, tensors, exact);
    if (difference === undefined) return { tensors, backend };
    this.#giveUp(`an inference differed from the interpreter in ${difference}`);
    return { tensors: exact, backend: INTERPRETER };
  }

  /** What passed the self-check is one backend; TensorFlow.js lets anyone choose another. */
  #requireChecked(): void {
    const { tf, candidates } = this.#parts.loaded;
    const checked = candidates.find(({ available }) => available === true)!.backend;
    if (tf.getBackend() === checked) return;
    throw new Error(`TensorFlow.js was switched from ${checked} to ${tf.getBackend()}`);
  }

  #giveUp(reason: string): void {
    const { network, loaded, logger } = this.#parts;
    distrust(loaded.tf, reason);
    this.#dispose();
    const fields = { network: network.name, backend: tensorBackendName(loaded.backend), reason };
    logger.error(fields, 'TensorFlow.js is not exact any more; the interpreter takes over');
  }

  #dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const layer of this.#parts.layers) layer.dispose();
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#lastRun.then(task);
    this.#lastRun = turn.catch(() => {});
    return turn;
  }
}

/** tfjs-node-gpu, tfjs-node, tfjs-wasm or tfjs-cpu. */
export function tensorBackendName(backend: LoadedTensorflow['backend']): string {
  return backend.startsWith('tfjs') ? backend : `tfjs-${backend}`;
}

function inferenceClosedError(): EnvironmentError {
  return new EnvironmentError({
    code: 'CIRCUITS_INFERENCE_CLOSED',
    what: 'the inference has been closed',
    hint: 'Open another one.',
  });
}
