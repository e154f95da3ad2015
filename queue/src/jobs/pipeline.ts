/**
 * Takes jobs from stage to stage. The store is the authority: a transition is committed only on the
 * version that it was computed from, and a report counts only if it carries the job's current
 * fence. So tasks may be delivered and reported any number of times, and take effect once.
 *
 * An active job's record says all about its current task: storing it is at once the transition and
 * the order to enqueue the next task (the outbox), which the dispatcher carries out.
 */
import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@zkinfer/core';
import { Records, type StoredRecord } from '../store/records.ts';
import { ABSENT, type Store, type StoreOperation } from '../store/store.ts';
import { requireJobId } from './job-ids.ts';
import {
  JOB_RECORDS,
  type JobRecord,
  type JobStatus,
  OUTCOME_CODES,
  statusOf,
} from './job-record.ts';
import { LARGEST_REQUEST_BYTES, type StageReport } from './stage-task.ts';
import { DEFAULT_STAGES, type StageDefinitions, type StageName } from './stages.ts';
import { afterReport, ended, type JobSubmission, newJob, revived } from './transition.ts';

/** What a pipeline works with. */
export interface PipelineOptions {
  readonly store: Store;
  readonly stages?: StageDefinitions;
  /** Milliseconds since 1970; the clock unless told. */
  readonly now?: () => number;
  /** In [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** Which jobs to list. */
export interface JobListOptions {
  readonly status: JobStatus;
  /** At most so many; all unless told. */
  readonly limit?: number;
  /** Goes on after this job of the same listing. */
  readonly after?: JobRecord;
  readonly newestFirst?: boolean;
}

/** Hears of every transition that was committed here. For display and dispatch. */
export type TransitionListener = (job: JobRecord, before: JobRecord | undefined) => void;

/** Jobs in a store. */
export class Pipeline {
  readonly stages: StageDefinitions;
  readonly #store: Store;
  readonly #jobs: Records<JobRecord>;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #events = new EventEmitter<{ transition: Parameters<TransitionListener> }>();

  constructor({ store, stages, now = Date.now, random = Math.random }: PipelineOptions) {
    this.#store = store;
    this.#jobs = new Records(store, JOB_RECORDS);
    this.stages = stages ?? DEFAULT_STAGES;
    this.#now = now;
    this.#random = random;
    this.#events.setMaxListeners(0);
  }

  /**
   * Begins a job, unless there is one of this id: then that one.
   * @throws InputError QUEUE_JOB_ID, QUEUE_JOB_INVALID, QUEUE_JOB_DIFFERS when the job of this id
   *   asks for something else; the store's errors, as all methods
   */
  async submit(submission: JobSubmission): Promise<{ job: JobRecord; created: boolean }> {
    requireSubmission(submission);
    const job = newJob(submission, this.#now());
    if (await this.#commit(job, undefined)) return { job, created: true };
    const existing = await this.get(job.id);
    // Pruned since: extremely late, and as good as a new one.
    if (existing === undefined) return this.submit(submission);
    requireSameRequest(existing, job);
    return { job: existing, created: false };
  }

  async get(id: string): Promise<JobRecord | undefined> {
    return (await this.#jobs.get(id))?.record;
  }

  /** Jobs of a status, by the time of their submission. */
  async *list(options: JobListOptions): AsyncGenerator<JobRecord> {
    const { status, limit, after, newestFirst = false } = options;
    const prefix = `${STATUS_INDEX}/${status}/`;
    const range = {
      reverse: newestFirst,
      ...(limit === undefined ? {} : { limit }),
      ...(after === undefined ? {} : { after: indexKey(after, status) }),
    };
    for await (const { key } of this.#store.list(prefix, range)) {
      const job = await this.get(key.slice(prefix.length + TIME_DIGITS + 1));
      // Changed since the listing began.
      if (job !== undefined && statusOf(job) === status) yield job;
    }
  }

  /** How many jobs have a status, by the index alone: no record is read. */
  async count(status: JobStatus): Promise<number> {
    let count = 0;
    for await (const _ of this.#store.list(`${STATUS_INDEX}/${status}/`)) count += 1;
    return count;
  }

  /** The job after a worker's report; `stale` if the report is not on its current task. */
  async apply(report: StageReport): Promise<'applied' | 'stale'> {
    const isCurrent = (job: JobRecord) => job.outcome === null && job.fence === report.fence;
    const job = await this.#change(report.jobId, isCurrent, (current) =>
      afterReport(current, report, {
        stages: this.stages,
        now: this.#now(),
        random: this.#random(),
      }),
    );
    return job === undefined ? 'stale' : 'applied';
  }

  /**
   * Ends a job at the caller's wish, if its stage still allows that.
   * @throws InputError QUEUE_JOB_UNKNOWN; QUEUE_JOB_NOT_CANCELLABLE when it has ended, or something
   *   may have been sent
   */
  async cancel(id: string): Promise<JobRecord> {
    const { cancelled } = OUTCOME_CODES;
    const job = await this.#abandon(id, 'cancelled', cancelled);
    return (
      job ?? this.#refuse(id, 'QUEUE_JOB_NOT_CANCELLABLE', 'the job can no longer be cancelled')
    );
  }

  /** Ends a job whose deadline has passed, if its stage still allows that; whether it did. */
  async expire(id: string): Promise<boolean> {
    return (await this.#abandon(id, 'expired', OUTCOME_CODES.expired)) !== undefined;
  }

  /**
   * Ends a job that the chain has decided otherwise, if its stage still allows that; whether it did.
   * @param code says how: fulfilled by another, refunded
   */
  async close(id: string, code: string): Promise<boolean> {
    return (await this.#abandon(id, 'closed', code)) !== undefined;
  }

  /**
   * Begins a job anew that ended as `done`, `closed` or `cancelled`, because what it ended by was
   * undone: a block that is not in the chain any more. What its stages gave stays.
   * @param stage of its route; one that it reached
   * @returns the job; undefined if it is unknown, is active or ended otherwise
   */
  async reopen(id: string, stage: StageName): Promise<JobRecord | undefined> {
    const isUndone = (job: JobRecord) => ['done', 'closed', 'cancelled'].includes(statusOf(job));
    return this.#change(id, isUndone, (job) => revived(job, stage, this.#now()));
  }

  /**
   * Begins the stage anew at which a job failed or was parked.
   * @throws InputError QUEUE_JOB_UNKNOWN, QUEUE_JOB_NOT_RETRIABLE
   */
  async retry(id: string): Promise<JobRecord> {
    const isRetriable = (job: JobRecord) => ['failed', 'parked'].includes(statusOf(job));
    const job = await this.#change(id, isRetriable, (current) =>
      revived(current, current.stage, this.#now()),
    );
    return job ?? this.#refuse(id, 'QUEUE_JOB_NOT_RETRIABLE', 'only failed and parked jobs retry');
  }

  /**
   * Forgets jobs of a status that ended before a time; how many. Requests of forgotten ids begin
   * anew: keep jobs for as long as idempotency keys hold.
   */
  async prune(status: Exclude<JobStatus, 'active'>, endedBefore: number): Promise<number> {
    let pruned = 0;
    for await (const { id } of this.list({ status })) {
      const stored = await this.#jobs.get(id);
      if (stored === undefined || (stored.record.outcome?.at ?? endedBefore) >= endedBefore)
        continue;
      const { committed } = await this.#store.commit([
        this.#jobs.delete(id, stored.version),
        { type: 'delete', key: indexKey(stored.record, status) },
      ]);
      if (committed) pruned += 1;
    }
    return pruned;
  }

  /** Hears of transitions until the function that it gives is called. */
  onTransition(listener: TransitionListener): () => void {
    this.#events.on('transition', listener);
    return () => this.#events.off('transition', listener);
  }

  async #abandon(id: string, kind: 'cancelled' | 'closed' | 'expired', code: string) {
    const isAbandonable = (job: JobRecord) =>
      job.outcome === null && this.stages[job.stage].abandonable;
    return this.#change(id, isAbandonable, (job) => ended(job, kind, code, this.#now()));
  }

  /** The job changed; undefined if it is unknown, or not as it must be. */
  async #change(
    id: string,
    isFit: (job: JobRecord) => boolean,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined> {
    for (;;) {
      const stored = await this.#jobs.get(id);
      if (stored === undefined || !isFit(stored.record)) return undefined;
      const job = change(stored.record);
      if (await this.#commit(job, stored)) return job;
    }
  }

  async #commit(job: JobRecord, before: StoredRecord<JobRecord> | undefined): Promise<boolean> {
    const operations: StoreOperation[] = [
      this.#jobs.put(job.id, job, before?.version ?? ABSENT),
      ...indexOperations(job, before?.record),
    ];
    const { committed } = await this.#store.commit(operations);
    if (committed) this.#events.emit('transition', job, before?.record);
    return committed;
  }

  async #refuse(id: string, code: string, what: string): Promise<never> {
    const job = await this.get(id);
    if (job === undefined) {
      throw new InputError({ code: 'QUEUE_JOB_UNKNOWN', what: 'there is no such job' });
    }
    throw new InputError({ code, what, got: `${statusOf(job)} at ${job.stage}` });
  }
}

const STATUS_INDEX = 'job-status';
const TIME_DIGITS = 15;

function indexKey(job: JobRecord, status: JobStatus): string {
  const time = String(job.createdAt).padStart(TIME_DIGITS, '0');
  return `${STATUS_INDEX}/${status}/${time}-${job.id}`;
}

function indexOperations(job: JobRecord, before: JobRecord | undefined): StoreOperation[] {
  const status = statusOf(job);
  const put = { type: 'put', key: indexKey(job, status), value: null } as const;
  if (before === undefined) return [put];
  if (statusOf(before) === status) return [];
  return [{ type: 'delete', key: indexKey(before, statusOf(before)) }, put];
}

function requireSubmission({ id, route, request }: JobSubmission): void {
  requireJobId(id);
  if (route.length === 0 || new Set(route).size !== route.length) {
    const expected = 'stages, each once';
    throw new InputError({ code: 'QUEUE_JOB_INVALID', what: 'the route of a job', expected });
  }
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes <= LARGEST_REQUEST_BYTES) return;
  throw new InputError({
    code: 'QUEUE_JOB_INVALID',
    what: 'the request of a job is too large',
    got: `${bytes} bytes`,
    expected: `at most ${LARGEST_REQUEST_BYTES}: ids and references`,
  });
}

/** An idempotency key stands for one request. */
function requireSameRequest(existing: JobRecord, wanted: JobRecord): void {
  const essence = ({ route, request, deadlineMs }: JobRecord) => ({ route, request, deadlineMs });
  if (isDeepStrictEqual(essence(existing), essence(wanted))) return;
  throw new InputError({
    code: 'QUEUE_JOB_DIFFERS',
    what: 'there is a job of this id for another request',
    hint: 'Use a new idempotency key for a new request.',
  });
}
