/** One queue's consumer over a BullMQ worker. */
import type { Logger } from '@zkinfer/core';
import { DelayedError, type Job, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JsonObject } from '../json-value.ts';
import { endsWithin } from './ends-within.ts';
import { HandedBack, handBack } from './handed-back.ts';
import type { CloseOptions, Consumer, TaskHandler } from './job-backend.ts';
import { type RunContext, RunningTasks } from './running-tasks.ts';
import { redeliveryDelayMs } from './task-rules.ts';

/** What a consumer works with. */
export interface BullmqConsumerSettings {
  readonly queue: string;
  readonly prefix: string;
  readonly lockMs: number;
  readonly concurrency: number;
  readonly connection: Redis;
  readonly logger: Logger;
}

/** BullMQ fails a job that stalled more often; here the pipeline decides, by `crashes`. */
const ANY_NUMBER_OF_STALLS = 2 ** 31 - 1;

/** How soon commands that failed with the connection are tried again; 15 s in BullMQ. */
const RETRY_DELAY_MS = 1_000;

/** How long BullMQ has to say goodbye to a Redis that may be gone. */
export const GOODBYE_MS = 2_000;

/** `Consumer` over a BullMQ worker, which finds and delivers again what stalled elsewhere, too. */
export class BullmqConsumer implements Consumer {
  readonly queue: string;
  readonly #handler: TaskHandler;
  readonly #logger: Logger;
  readonly #connection: Redis;
  readonly #worker: Worker<JsonObject>;
  readonly #running = new RunningTasks();
  #closing: Promise<void> | undefined;

  constructor(settings: BullmqConsumerSettings, handler: TaskHandler) {
    const { queue, prefix, lockMs, concurrency, connection, logger } = settings;
    this.queue = queue;
    this.#handler = handler;
    this.#logger = logger;
    this.#connection = connection;
    this.#worker = new Worker<JsonObject>(queue, (job, token) => this.#process(job, token), {
      connection,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: ANY_NUMBER_OF_STALLS,
      runRetryDelay: RETRY_DELAY_MS,
      settings: { backoffStrategy: (attempts) => redeliveryDelayMs(attempts ?? 1) },
    });
    // Without a listener an emitter throws. Lost locks are reported here, too.
    this.#worker.on('error', (err) => logger.warn({ err, queue }, 'the consumer has trouble'));
  }

  /** Resolves when it takes tasks. */
  async ready(): Promise<void> {
    await this.#worker.waitUntilReady();
  }

  /** Whether its connection stands, for probes. */
  isConnected(): boolean {
    return this.#worker.isRunning() && this.#connection.status === 'ready';
  }

  /** Aborts a task if it runs here. */
  abort(id: string): void {
    this.#running.remove(id);
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  /**
   * BullMQ's own close waits for running jobs without limit, renewing their locks. So handlers are
   * drained first, in bounded time; a worker that is left with some is forced, and their locks run
   * out.
   */
  async #close(options: CloseOptions): Promise<void> {
    await endsWithin(GOODBYE_MS, this.#worker.pause(true));
    const drained = await this.#running.drain(options);
    // Without a connection the unforced way waits for one, and keeps the process alive meanwhile.
    const forced = !drained || this.#connection.status !== 'ready';
    await endsWithin(GOODBYE_MS, this.#worker.close(forced));
  }

  async #process(job: Job<JsonObject>, token: string | undefined): Promise<void> {
    // A worker that is paused while it waits for a job still takes the one that comes.
    if (this.#closing !== undefined) return release(job, token);
    await this.#running.run(job.id!, async (context) => {
      try {
        await this.#handler(this.#deliveryOf(job, context));
      } catch (error) {
        await this.#afterFailure(job, token, context, error);
      }
    });
  }

  #deliveryOf(job: Job<JsonObject>, { signal }: RunContext) {
    return {
      id: job.id!,
      data: job.data,
      // Not attemptsStarted: tasks that were handed back or failed to report crash nobody.
      crashes: job.stalledCounter,
      signal,
      reportProgress: (progress: JsonObject) => {
        job.updateProgress(progress).catch((err: unknown) => {
          this.#logger.debug({ err, task: job.id }, 'progress is lost');
        });
      },
      handBack,
    };
  }

  async #afterFailure(
    job: Job<JsonObject>,
    token: string | undefined,
    context: RunContext,
    error: unknown,
  ): Promise<void> {
    const kind = context.abortKind();
    if (kind === 'removed') return;
    if (kind === 'closing') return release(job, token);
    if (error instanceof HandedBack) return holdBack(job, token, error.delayMs);
    this.#logger.warn({ err: error, queue: this.queue, task: job.id }, 'a task is delivered again');
    throw error;
  }
}

/** To another consumer at once, rather than when the lock runs out. */
async function release(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

/** To whoever takes it after a while. */
async function holdBack(job: Job, token: string | undefined, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
