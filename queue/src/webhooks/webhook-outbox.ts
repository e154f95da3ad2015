/**
 * Delivers the webhooks of jobs that end, at least once, whatever crashes when. What is owed is in
 * the store: a job with a webhook has a record from its beginning on, put before anything can end
 * it, since commits take place in the order of the calls. After a crash, jobs that ended without
 * their record saying so are found by the records.
 */
import { InputError, type Logger, SILENT_LOGGER, ZkinferError } from '@zkinfer/core';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { type RetryPolicy, retryDelayMs } from '../jobs/stages.ts';
import { Records } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { WEBHOOKS, type WebhookRecord } from './webhook-record.ts';
import { sendWebhook, type WebhookSenderOptions, webhookOf } from './webhook-sender.ts';

/** What an outbox works with. */
export interface WebhookOutboxOptions extends WebhookSenderOptions {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly logger?: Logger;
  /** A dozen tries in about four hours unless told. */
  readonly retry?: RetryPolicy;
  /** Deliveries at a time, 16 unless told. */
  readonly concurrency?: number;
}

const DEFAULT_RETRY: RetryPolicy = {
  attempts: 12,
  firstDelayMs: 5_000,
  longestDelayMs: 60 * 60_000,
  jitter: 0.3,
};
const DEFAULT_CONCURRENCY = 16;

/** Timers hold no longer delays; what is due later is looked at again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The webhooks of one pipeline, in its process. */
export class WebhookOutbox {
  readonly #options: WebhookOutboxOptions;
  readonly #records: Records<WebhookRecord>;
  readonly #logger: Logger;
  readonly #retry: RetryPolicy;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Due, in the order in which they are tried. */
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #commits = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #stopListening: () => void = () => {};

  private constructor(options: WebhookOutboxOptions) {
    this.#options = options;
    this.#records = new Records(options.store, WEBHOOKS);
    this.#logger = options.logger ?? SILENT_LOGGER;
    this.#retry = options.retry ?? DEFAULT_RETRY;
  }

  /**
   * Takes up what an earlier process left, then follows the pipeline. To be started before anything
   * changes jobs. @throws the store's errors
   */
  static async start(options: WebhookOutboxOptions): Promise<WebhookOutbox> {
    const outbox = new WebhookOutbox(options);
    outbox.#stopListening = options.pipeline.onTransition((job, before) => {
      outbox.#follow(job, before);
    });
    await outbox.#recover();
    return outbox;
  }

  /** How many are due and not delivered. */
  get waiting(): number {
    return this.#timers.size + this.#ready.size + this.#running.size;
  }

  /** Ends deliveries that are under way; they are tried again by the next process. */
  async close(): Promise<void> {
    this.#stopListening();
    this.#closing.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#ready.clear();
    await Promise.allSettled([...this.#running.values(), ...this.#commits]);
  }

  #follow(job: JobRecord, before: JobRecord | undefined): void {
    const begins = job.outcome === null && (before === undefined || before.outcome !== null);
    const ends = job.outcome !== null;
    if ((!begins && !ends) || webhookOf(job) === null) return;
    const commit = this.#note(job).catch((error: unknown) => {
      this.#logger.error({ err: error, jobId: job.id }, 'a webhook could not be noted');
    });
    this.#commits.add(commit);
    commit.finally(() => this.#commits.delete(commit));
  }

  /** Stores that the webhook of a job is armed or due. */
  async #note(job: JobRecord): Promise<void> {
    const state = job.outcome === null ? 'armed' : 'due';
    const record: WebhookRecord = {
      state,
      deliveryId: `${job.id}-${job.fence}`,
      failures: 0,
      dueAt: job.outcome?.at ?? job.createdAt,
      lastCode: null,
    };
    await this.#options.store.commit([this.#records.put(job.id, record)]);
    if (state === 'due') this.#schedule(job.id, 0);
  }

  async #recover(): Promise<void> {
    const { pipeline, store } = this.#options;
    for await (const { id, record } of this.#records.list()) {
      const job = await pipeline.get(id);
      if (job === undefined) await store.commit([this.#records.delete(id)]);
      else if (record.state === 'armed' && job.outcome !== null) await this.#note(job);
      else if (record.state === 'due') this.#schedule(id, record.dueAt - Date.now());
    }
    for await (const job of pipeline.list({ status: 'active' })) {
      const isOwed = webhookOf(job) !== null && (await this.#records.get(job.id)) === undefined;
      if (isOwed) await this.#note(job);
    }
  }

  #schedule(jobId: string, delayMs: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timers.get(jobId));
    const timer = setTimeout(
      () => {
        this.#timers.delete(jobId);
        this.#ready.add(jobId);
        this.#next();
      },
      Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS),
    );
    this.#timers.set(jobId, timer);
  }

  #next(): void {
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    for (const jobId of this.#ready) {
      if (this.#running.size >= concurrency) return;
      // Under way for an end before: looked at again when that is over.
      if (this.#running.has(jobId)) continue;
      this.#ready.delete(jobId);
      const running = this.#deliver(jobId)
        .catch((error: unknown) => {
          this.#logger.error({ err: error, jobId }, 'a webhook cannot be looked after');
        })
        .finally(() => {
          this.#running.delete(jobId);
          this.#next();
        });
      this.#running.set(jobId, running);
    }
  }

  async #deliver(jobId: string): Promise<void> {
    const { store, pipeline } = this.#options;
    const stored = await this.#records.get(jobId);
    const job = await pipeline.get(jobId);
    if (stored?.record.state !== 'due' || job === undefined) return;
    const { record, version } = stored;
    try {
      await sendWebhook(job, record.deliveryId, this.#options, this.#closing.signal);
      // Another end since then is due by a record of its own version.
      await store.commit([this.#records.delete(jobId, version)]);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const failed = this.#afterFailure(record, error);
      const { committed } = await store.commit([this.#records.put(jobId, failed, version)]);
      if (committed && failed.state === 'due') this.#schedule(jobId, failed.dueAt - Date.now());
      this.#tell(jobId, failed);
    }
  }

  #afterFailure(record: WebhookRecord, error: unknown): WebhookRecord {
    const failures = record.failures + 1;
    const lastCode = error instanceof ZkinferError ? error.code : UNEXPECTED_ERROR;
    const isOver = error instanceof InputError || failures >= this.#retry.attempts;
    const dueAt = Date.now() + retryDelayMs(this.#retry, failures, Math.random());
    return { ...record, failures, lastCode, dueAt, state: isOver ? 'given-up' : 'due' };
  }

  #tell(jobId: string, { state, failures, lastCode: code }: WebhookRecord): void {
    const said = state === 'due' ? 'a webhook is tried again later' : 'a webhook is given up';
    this.#logger.warn({ jobId, failures, code }, said);
  }
}
