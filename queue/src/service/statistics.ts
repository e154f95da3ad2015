/**
 * What jobs have come to, for overview and charts: counted from transitions as they happen. At the
 * start, counts are taken from the store, and latencies and minutes from its newest jobs: close
 * enough for display, which is all that they are for.
 */
import type { Minute, Overview } from '@zkinfer/core/service';
import { JOB_STATUSES, type JobRecord, type JobStatus, statusOf } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { CHAIN_ROUTE, type StageName } from '../jobs/stages.ts';
import { completedStages } from './completed-stages.ts';
import { MinuteRing } from './minute-ring.ts';
import { percentile } from './percentile.ts';

/** What statistics are kept of. */
export interface StatisticsOptions {
  readonly pipeline: Pipeline;
  /** Milliseconds since 1970; the clock unless told. */
  readonly now?: () => number;
}

/** Stages whose latencies are kept: the latest ones. */
const KEPT_LATENCIES = 512;

/** Jobs of each status that are read at the start. */
const READ_AT_START = 1_000;

/** Counts, latencies and minutes of the jobs of a pipeline. */
export class Statistics {
  readonly #counts = new Map<JobStatus, number>(JOB_STATUSES.map((status) => [status, 0]));
  readonly #latencies = new Map<StageName, number[]>(CHAIN_ROUTE.map((stage) => [stage, []]));
  readonly #minutes: MinuteRing;
  #stopListening: () => void = () => {};

  private constructor(now: () => number) {
    this.#minutes = new MinuteRing(now);
  }

  /**
   * Reads what there is, then follows. To be opened before anything changes jobs.
   * @throws the store's errors
   */
  static async open({ pipeline, now = Date.now }: StatisticsOptions): Promise<Statistics> {
    const statistics = new Statistics(now);
    for (const status of JOB_STATUSES) {
      statistics.#counts.set(status, await pipeline.count(status));
      const newest: JobRecord[] = [];
      const range = { status, limit: READ_AT_START, newestFirst: true };
      for await (const job of pipeline.list(range)) newest.push(job);
      for (const job of newest.reverse()) statistics.#add(job);
    }
    statistics.#stopListening = pipeline.onTransition((job, before) => {
      statistics.#move(job, before);
      statistics.#add(job, before);
    });
    return statistics;
  }

  /** How many jobs have each status. */
  get jobs(): Overview['jobs'] {
    return [...this.#counts].map(([status, count]) => ({ status, count }));
  }

  /** How long stages took lately, waiting for a worker included. */
  get latencies(): Overview['latencies'] {
    return [...this.#latencies].map(([stage, samples]) => {
      const ascending = samples.toSorted((a, b) => a - b);
      const of = (share: number) => percentile(ascending, share) ?? 0;
      return { stage, count: samples.length, p50Ms: of(0.5), p95Ms: of(0.95), p99Ms: of(0.99) };
    });
  }

  /** The last hour, oldest minute first. */
  get minutes(): Minute[] {
    return this.#minutes.list();
  }

  /** Told that jobs were forgotten: no transition says so. */
  forget(status: JobStatus, count: number): void {
    this.#countUp(status, -count);
  }

  /** Stops following. */
  close(): void {
    this.#stopListening();
  }

  #add(job: JobRecord, before?: JobRecord): void {
    this.#minutes.add(job, before);
    for (const { stage, durationMs } of completedStages(job, before)) {
      const samples = this.#latencies.get(stage)!;
      samples.push(durationMs);
      if (samples.length > KEPT_LATENCIES) samples.shift();
    }
  }

  #move(job: JobRecord, before: JobRecord | undefined): void {
    if (before !== undefined) this.#countUp(statusOf(before), -1);
    this.#countUp(statusOf(job), 1);
  }

  #countUp(status: JobStatus, by: number): void {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + by);
  }
}
