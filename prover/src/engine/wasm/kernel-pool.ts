import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '@zkinfer/core';
import { engineClosedError } from '../engine-closed-error.ts';
import { KernelMemory } from './kernel-memory.ts';
import type {
  KernelRequest,
  KernelTask,
  KernelWorkerData,
  RunRequest,
  RunResponse,
} from './kernel-message.ts';
import {
  bestKernelVariant,
  compileKernels,
  type Kernels,
  type KernelVariant,
} from './kernel-module.ts';

/** Kernels on shared memory, on all threads of a pool. */
export interface KernelSpace {
  readonly memory: KernelMemory;
  readonly threads: number;
  /**
   * Runs tasks, in any order, until all are done. However it ends, no thread touches the memory any more; when aborted, threads
   * finish the tasks that they have begun.
   * @throws EnvironmentError PROVER_WORKER_FAILED, PROVER_ENGINE_CLOSED; the signal's reason
   */
  run(tasks: readonly KernelTask[], signal?: AbortSignal): Promise<void>;
  /** Overwrites the threads' own regions: a proof leaves traces of the witness there. Nothing may run. */
  wipeScratch(): void;
  /** Ends the use of the memory, once: the pool's next space takes it. It held no secrets, or they are wiped. */
  close(): void;
}

/** A space whose runs a signal ends. */
export function abortable(space: KernelSpace, signal: AbortSignal | undefined): KernelSpace {
  return { ...space, run: (tasks) => space.run(tasks, signal) };
}

/** A count of tasks that no run has: the next task after it is none. */
const STOPPED = 2 ** 30;

/**
 * Starts threads that run kernels.
 * @param threads default: as many as the machine runs in parallel
 * @param variant default: the fastest that this machine computes rightly
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE
 */
export async function createKernelPool(
  threads: number = availableParallelism(),
  variant?: KernelVariant,
): Promise<KernelPool> {
  return new KernelPool(await compileKernels(variant ?? (await bestKernelVariant())), threads);
}

/** Threads, closed by whoever created them: they keep the process alive until then. */
export class KernelPool {
  readonly #module: WebAssembly.Module;
  readonly #workers: readonly Worker[];
  readonly #counter = new Int32Array(new SharedArrayBuffer(4));
  /** Closed spaces. */
  readonly #spares: KernelSpace[] = [];
  #lastMemoryId = 0;
  #lastRunId = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #running: { id: number; left: number; resolve(): void; reject(error: unknown): void } | undefined;
  #failure: EnvironmentError | undefined;
  /** Once it has failed: all threads have ended. */
  #ended: Promise<unknown> = Promise.resolve();

  constructor(module: WebAssembly.Module, threads: number) {
    this.#module = module;
    this.#workers = Array.from({ length: threads }, () => this.#start());
  }

  /** Whether a thread has ended, or all have been told to: then nothing runs any more. */
  get isFailed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * A memory of its own for which the pool's threads run kernels. Its contents are left from its last use: a memory of which every
   * thread has an instance is given back to the system only when all of them collect garbage, which idle threads do not, so it
   * is kept for the next space.
   * @param bytes about how much will be allocated: it grows to that at once, before threads are given a new memory
   * @throws EnvironmentError PROVER_MEMORY_EXHAUSTED
   */
  openSpace(bytes = 0): KernelSpace {
    this.#spares.sort((p, q) => p.memory.byteLength - q.memory.byteLength);
    this.#spares.at(-1)?.memory.reserve(bytes);
    return this.#spares.pop() ?? this.#createSpace(bytes);
  }

  #createSpace(bytes: number): KernelSpace {
    const memoryId = ++this.#lastMemoryId;
    const memory = new KernelMemory();
    const imports = { env: { memory: memory.memory } };
    const kernels = new WebAssembly.Instance(this.#module, imports).exports as unknown as Kernels;
    kernels.initialize!();
    const regionBytes = kernels.regionBytes!();
    const first = memory.mark();
    const scratches = this.#workers.map(() => memory.allocate(regionBytes));
    memory.reserve(bytes);
    this.#workers.forEach((worker, i) => {
      const scratch = scratches[i]!;
      this.#send(worker, { kind: 'attach', memoryId, memory: memory.memory, scratch });
    });
    const end = memory.mark();
    const space: KernelSpace = {
      memory,
      threads: this.#workers.length,
      run: (tasks, signal) => this.#enqueue(memoryId, tasks, signal),
      wipeScratch: () => memory.bytes(first, end - first).fill(0),
      close: () => {
        memory.retract(end, end);
        this.#spares.push(space);
      },
    };
    return space;
  }

  async close(): Promise<void> {
    this.#fail(engineClosedError());
    await this.#ended;
  }

  #start(): Worker {
    const next = this.#counter.buffer as SharedArrayBuffer;
    const data: KernelWorkerData = { module: this.#module, next };
    const worker = new Worker(new URL('./kernel-worker.js', import.meta.url), { workerData: data });
    worker.on('message', (response: RunResponse) => this.#finish(response));
    worker.on('error', (error) => this.#fail(workerError(error)));
    worker.on('exit', () => this.#fail(workerError(undefined)));
    return worker;
  }

  #send(worker: Worker, request: KernelRequest): void {
    worker.postMessage(request);
  }

  /** One run at a time: threads share one counter. */
  #enqueue(
    memoryId: number,
    tasks: readonly KernelTask[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const result = this.#queue.then(() => this.#runNow(memoryId, tasks, signal));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #runNow(
    memoryId: number,
    tasks: readonly KernelTask[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    if (this.#failure !== undefined) {
      await this.#ended;
      throw this.#failure;
    }
    Atomics.store(this.#counter, 0, 0);
    const stop = () => Atomics.store(this.#counter, 0, STOPPED);
    signal?.addEventListener('abort', stop);
    try {
      await this.#passTo(this.#workers, { kind: 'run', runId: ++this.#lastRunId, memoryId, tasks });
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    signal?.throwIfAborted();
  }

  #passTo(workers: readonly Worker[], request: RunRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#running = { id: request.runId, left: workers.length, resolve, reject };
      for (const worker of workers) this.#send(worker, request);
    });
  }

  #finish({ runId }: RunResponse): void {
    const running = this.#running;
    if (running === undefined || running.id !== runId) return;
    running.left--;
    if (running.left > 0) return;
    this.#running = undefined;
    running.resolve();
  }

  /** Threads that still run may write to memory that is about to be wiped: they end before anyone is told. */
  #fail(failure: EnvironmentError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#ended = Promise.all(this.#workers.map((worker) => worker.terminate())).then(() => {
      this.#running?.reject(failure);
      this.#running = undefined;
    });
  }
}

function workerError(cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_WORKER_FAILED',
    what: 'a thread of the prover ended before its work was done',
    hint: 'Memory may have run out: use fewer threads, or a machine with more memory.',
    cause,
  });
}
