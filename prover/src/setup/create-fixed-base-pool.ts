import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EnvironmentError, FIELD_BYTES, ZkinferError } from '@zkinfer/core';
import { createBigintKernel } from '../curve/fixed-base-kernel.ts';
import { bestWindowBits } from '../curve/fixed-base-table.ts';
import type { GroupName } from '../curve/point-group.ts';
import { createKernelPool, type KernelPool } from '../engine/wasm/kernel-pool.ts';
import type {
  FixedBaseRequest,
  FixedBaseResponse,
  FixedBaseWorkerData,
} from './fixed-base-message.ts';
import type { FixedBasePool } from './fixed-base-pool.ts';
import { KernelFixedBasePool } from './kernel-fixed-base-pool.ts';

/**
 * Scalars per message: enough to share an inversion among, few enough that threads end together.
 */
const BATCH_SCALARS = 4096;

/** Below this many scalars in all, starting threads costs more than it saves. */
const THREAD_WORTH_SCALARS = 8192;

/** Below this many, starting kernels does. */
const KERNEL_WORTH_SCALARS = 2048;

/** Each thread takes about a quarter of a gigabyte, for its tables and its nursery. */
const MOST_THREADS = 8;

/**
 * Bigint arithmetic leaves much short-lived garbage: measured 15 % faster with this nursery than
 * with the default.
 */
const NURSERY_MB = 192;

/**
 * How generators are multiplied: by WebAssembly kernels, or by bigint arithmetic, many times
 * slower.
 */
export type FixedBaseArithmetic = 'kernels' | 'bigint';

/** How a pool works. */
export interface FixedBasePoolOptions {
  /** At most so many; default: as many as the machine runs in parallel, at most 8. */
  readonly threads?: number | undefined;
  /** Default: kernels where they can run and are worth starting. */
  readonly arithmetic?: FixedBaseArithmetic;
}

/**
 * A pool for about `scalarCount` multiplications in all (it sizes tables and threads).
 * @throws EnvironmentError PROVER_KERNELS_UNUSABLE when kernels are asked for and cannot run;
 *   PROVER_MEMORY_EXHAUSTED
 */
export async function createFixedBasePool(
  scalarCount: number,
  {
    threads = Math.min(availableParallelism(), MOST_THREADS),
    arithmetic = scalarCount < KERNEL_WORTH_SCALARS ? 'bigint' : undefined,
  }: FixedBasePoolOptions = {},
): Promise<FixedBasePool> {
  const kernels = arithmetic === 'bigint' ? undefined : await startKernels(threads, arithmetic);
  if (kernels !== undefined) return openKernelPool(kernels, scalarCount);
  if (threads <= 1 || scalarCount < THREAD_WORTH_SCALARS) {
    return new InProcessPool(bestWindowBits(scalarCount));
  }
  return new WorkerPool(threads, bestWindowBits(scalarCount / threads));
}

async function openKernelPool(kernels: KernelPool, scalarCount: number): Promise<FixedBasePool> {
  try {
    return new KernelFixedBasePool(kernels, scalarCount);
  } catch (error) {
    await kernels.close();
    throw error;
  }
}

/** Undefined where the machine cannot run them, unless they were asked for. */
async function startKernels(
  threads: number,
  arithmetic: FixedBaseArithmetic | undefined,
): Promise<KernelPool | undefined> {
  try {
    return await createKernelPool(threads);
  } catch (error) {
    const isUnusable = error instanceof ZkinferError && error.code === 'PROVER_KERNELS_UNUSABLE';
    if (isUnusable && arithmetic === undefined) return undefined;
    throw error;
  }
}

class InProcessPool implements FixedBasePool {
  readonly #kernel: ReturnType<typeof createBigintKernel>;

  constructor(windowBits: number) {
    this.#kernel = createBigintKernel(windowBits);
  }

  async *multiply(group: GroupName, scalars: Uint8Array, signal?: AbortSignal) {
    for (const batch of batches(scalars)) {
      signal?.throwIfAborted();
      yield this.#kernel(group, batch);
    }
  }

  async close() {}
}

/** One thread and what it is working on. */
interface Lane {
  readonly worker: Worker;
  busy: boolean;
}

interface PendingBatch {
  readonly request: FixedBaseRequest;
  readonly resolve: (points: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

class WorkerPool implements FixedBasePool {
  readonly #lanes: readonly Lane[];
  readonly #waiting: PendingBatch[] = [];
  readonly #running = new Map<number, PendingBatch>();
  #nextId = 0;
  #failure: EnvironmentError | undefined;
  #closing = false;

  constructor(threads: number, windowBits: number) {
    this.#lanes = Array.from({ length: threads }, () => this.#startLane({ windowBits }));
  }

  async *multiply(group: GroupName, scalars: Uint8Array, signal?: AbortSignal) {
    const inFlight: Promise<Uint8Array>[] = [];
    for (const batch of batches(scalars)) {
      signal?.throwIfAborted();
      const result = this.#submit(group, batch);
      result.catch(() => {});
      inFlight.push(result);
      if (inFlight.length > 2 * this.#lanes.length) yield await inFlight.shift()!;
    }
    for (const result of inFlight) {
      signal?.throwIfAborted();
      yield await result;
    }
  }

  async close() {
    this.#closing = true;
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }

  #startLane(data: FixedBaseWorkerData): Lane {
    const worker = new Worker(new URL('./fixed-base-worker.js', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
    });
    const lane: Lane = { worker, busy: false };
    worker.on('message', (response: FixedBaseResponse) => this.#finish(lane, response));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(undefined));
    return lane;
  }

  #submit(group: GroupName, batch: Uint8Array): Promise<Uint8Array> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const scalars = new Uint8Array(batch);
    const request: FixedBaseRequest = { id: this.#nextId++, group, scalars };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (const lane of this.#lanes) {
      if (lane.busy) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      lane.busy = true;
      this.#running.set(next.request.id, next);
      lane.worker.postMessage(next.request, [next.request.scalars.buffer]);
    }
  }

  #finish(lane: Lane, { id, points }: FixedBaseResponse): void {
    lane.busy = false;
    this.#running.get(id)?.resolve(points);
    this.#running.delete(id);
    this.#dispatch();
  }

  #fail(cause: unknown): void {
    if (this.#closing || this.#failure !== undefined) return;
    this.#failure = new EnvironmentError({
      code: 'PROVER_WORKER_FAILED',
      what: 'a thread of the setup ended before its work was done',
      hint: 'Memory may have run out: use fewer threads, or a machine with more memory.',
      cause,
    });
    for (const { reject } of [...this.#running.values(), ...this.#waiting]) reject(this.#failure);
    this.#running.clear();
    this.#waiting.length = 0;
  }
}

function* batches(scalars: Uint8Array): Generator<Uint8Array> {
  const batchBytes = BATCH_SCALARS * FIELD_BYTES;
  for (let at = 0; at < scalars.length; at += batchBytes) {
    yield scalars.subarray(at, Math.min(at + batchBytes, scalars.length));
  }
}
