import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '@zkinfer/core';
import { KernelMemory } from './kernel-memory.ts';
import type { KernelRequest, KernelTask, KernelWorkerData, RunResponse } from './kernel-message.ts';
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
  /** Runs tasks, in any order, until all are done. @throws EnvironmentError PROVER_WORKER_FAILED, PROVER_ENGINE_CLOSED */
  run(tasks: readonly KernelTask[]): Promise<void>;
  /** Ends the use of the memory. */
  close(): void;
}

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
  #lastMemoryId = 0;
  #lastRunId = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #running: { id: number; left: number; resolve(): void; reject(error: unknown): void } | undefined;
  #failure: EnvironmentError | undefined;

  constructor(module: WebAssembly.Module, threads: number) {
    this.#module = module;
    this.#workers = Array.from({ length: threads }, () => this.#start());
  }

  /** A memory of its own for which the pool's threads run kernels. */
  openSpace(): KernelSpace {
    const memoryId = ++this.#lastMemoryId;
    const memory = new KernelMemory();
    const imports = { env: { memory: memory.memory } };
    const kernels = new WebAssembly.Instance(this.#module, imports).exports as unknown as Kernels;
    kernels.initialize!();
    const regionBytes = kernels.regionBytes!();
    for (const worker of this.#workers) {
      const scratch = memory.allocate(regionBytes);
      this.#send(worker, { kind: 'attach', memoryId, memory: memory.memory, scratch });
    }
    return {
      memory,
      threads: this.#workers.length,
      run: (tasks) => this.#enqueue(memoryId, tasks),
      close: () => {
        for (const worker of this.#workers) this.#send(worker, { kind: 'detach', memoryId });
      },
    };
  }

  async close(): Promise<void> {
    this.#fail(closedError());
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
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
  #enqueue(memoryId: number, tasks: readonly KernelTask[]): Promise<void> {
    const result = this.#queue.then(() => this.#runNow(memoryId, tasks));
    this.#queue = result.catch(() => {});
    return result;
  }

  #runNow(memoryId: number, tasks: readonly KernelTask[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    Atomics.store(this.#counter, 0, 0);
    const runId = ++this.#lastRunId;
    return new Promise((resolve, reject) => {
      this.#running = { id: runId, left: this.#workers.length, resolve, reject };
      for (const worker of this.#workers)
        this.#send(worker, { kind: 'run', runId, memoryId, tasks });
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

  #fail(failure: EnvironmentError): void {
    this.#failure ??= failure;
    this.#running?.reject(this.#failure);
    this.#running = undefined;
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

function closedError(): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_ENGINE_CLOSED',
    what: 'the engine has been closed',
    hint: 'Create another one.',
  });
}
