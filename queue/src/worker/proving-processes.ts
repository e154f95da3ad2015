/** Proves in child processes. */
import type { Logger } from '@zkinfer/core';
import { ChildPool } from './child-pool.ts';
import { type ModelPlace, nameOfPlace } from './open-served-model.ts';
import type {
  OpenedKey,
  OpenKeyCall,
  ProveCall,
  Proved,
  ProvingSettings,
} from './proving-calls.ts';
import type { CallOptions, SupervisedChild } from './supervised-child.ts';
import { openingModel } from './unusable-model.ts';

/** How proving is set up. */
export interface ProvingOptions {
  /** Proofs at a time, each in a process; each process uses all cores. */
  readonly processes: number;
  /** For the models and keys of all processes. */
  readonly memoryLimitBytes: number;
  /** Of `ENGINE_NAMES`. */
  readonly engine: string;
  readonly logger: Logger;
}

/** Proving for one worker. */
export class ProvingProcesses {
  readonly #pool: ChildPool;
  /** Keys whose points have been checked, by place: another child need not check them again. */
  readonly #checked = new Map<string, string>();
  /** What children keep, as they said last. */
  readonly #memoryBytes = new WeakMap<SupervisedChild, { bytes: number; processId: number }>();

  constructor({ processes, memoryLimitBytes, engine, logger }: ProvingOptions) {
    const settings: ProvingSettings = {
      engine,
      memoryLimitBytes: Math.floor(memoryLimitBytes / processes),
    };
    const script = new URL('./proving-child.js', import.meta.url);
    this.#pool = new ChildPool(processes, { script, name: 'proving', settings, logger });
  }

  /** Starts the first process; the engine that it chose. @throws as `chooseEngine` */
  async start(): Promise<string> {
    return this.#pool.use('', (child) => child.call<string>('engine', undefined));
  }

  /**
   * Proves an inference.
   * @throws UnusableModel; as `ProvingCalls.prove`; EnvironmentError QUEUE_CHILD_DIED; the signal's
   *   reason
   */
  async prove(
    call: ProveCall,
    options: CallOptions & { readonly signal: AbortSignal },
  ): Promise<Proved> {
    const { signal } = options;
    return this.#pool.use(
      nameOfPlace(call.place),
      async (child) => {
        await this.#open(child, call.place, options);
        return child.call<Proved>('prove', call, options);
      },
      signal,
    );
  }

  /** What its processes keep of models and keys. */
  memoryBytes(): number {
    return this.#pool.children
      .map((child) => {
        const known = this.#memoryBytes.get(child);
        return known?.processId === child.processId ? (known?.bytes ?? 0) : 0;
      })
      .reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Kills its processes. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #open(
    child: SupervisedChild,
    place: ModelPlace,
    options: CallOptions & { readonly signal: AbortSignal },
  ): Promise<void> {
    const name = nameOfPlace(place);
    const call: OpenKeyCall = { place, trustedSha256: this.#checked.get(name) };
    const opened = await openingModel(place.modelDigest, options.signal, () =>
      child.call<OpenedKey>('open', call, options),
    );
    this.#checked.set(name, opened.keySha256);
    const { processId } = child;
    if (processId !== undefined) {
      this.#memoryBytes.set(child, { bytes: opened.memoryBytes, processId });
    }
  }
}
