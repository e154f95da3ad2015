/** Runs quantised networks in child processes. */
import type { Logger } from '@zkinfer/core';
import { ChildPool } from './child-pool.ts';
import type { InferCall, InferenceSettings, Inferred } from './inference-calls.ts';
import type { CallOptions } from './supervised-child.ts';
import { openingModel } from './unusable-model.ts';

/** How inference is set up. */
export interface InferenceOptions {
  /** Inferences at a time, each in a process. */
  readonly processes: number;
  /** For the networks of all processes. */
  readonly memoryLimitBytes: number;
  readonly logger: Logger;
}

/** Inference for one worker. */
export class InferenceProcesses {
  readonly #pool: ChildPool;

  constructor({ processes, memoryLimitBytes, logger }: InferenceOptions) {
    const settings: InferenceSettings = {
      memoryLimitBytes: Math.floor(memoryLimitBytes / processes),
    };
    const script = new URL('./inference-child.js', import.meta.url);
    this.#pool = new ChildPool(processes, { script, name: 'inference', settings, logger });
  }

  /**
   * Runs a network on the input of an envelope.
   * @throws UnusableModel; as `InferenceCalls.infer`; EnvironmentError QUEUE_CHILD_DIED; the signal's
   *   reason
   */
  async infer(
    call: InferCall,
    options: CallOptions & { readonly signal: AbortSignal },
  ): Promise<Inferred> {
    const { modelDigest } = call.place;
    const { signal } = options;
    return this.#pool.use(
      modelDigest,
      async (child) => {
        await openingModel(modelDigest, signal, () =>
          child.call<void>('open', call.place, options),
        );
        return child.call<Inferred>('infer', call, options);
      },
      signal,
    );
  }

  /** Kills its processes. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
