/** The last hour, minute by minute. */
import type { Minute } from '@zkinfer/core/service';
import { NATIVE_TOKEN } from '@zkinfer/verifier-contracts';
import Value from 'typebox/value';
import type { JobRecord } from '../jobs/job-record.ts';
import { ConfirmResultSchema } from '../jobs/stage-results.ts';
import { completedStages } from './completed-stages.ts';
import { percentile } from './percentile.ts';

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;

/** Samples of one minute for its percentiles; of a busier minute the first ones. */
const LARGEST_SAMPLE = 2_000;

interface Counts {
  submitted: number;
  done: number;
  failed: number;
  readonly durationsMs: number[];
  gasUsed: bigint;
  spent: bigint;
  earned: bigint;
}

/** Counts what happens to jobs. */
export class MinuteRing {
  readonly #minutes = new Map<number, Counts>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts what is new in a job; all of it without `before`. */
  add(job: JobRecord, before?: JobRecord): void {
    if (before === undefined) this.#at(job.createdAt, (minute) => countUp(minute, 'submitted'));
    this.#addEnd(job, before);
    this.#addSettlement(job, before);
  }

  /** The last hour, oldest first; minutes without anything included. */
  list(): Minute[] {
    const last = minuteOf(this.#now());
    return Array.from({ length: KEPT_MINUTES }, (_, i) => {
      const minute = last - KEPT_MINUTES + 1 + i;
      return view(minute, this.#minutes.get(minute) ?? noCounts());
    });
  }

  #addEnd(job: JobRecord, before: JobRecord | undefined): void {
    const { outcome } = job;
    if (outcome === null || before?.outcome) return;
    this.#at(outcome.at, (minute) => {
      if (outcome.kind === 'done') countUp(minute, 'done');
      if (['failed', 'parked', 'expired'].includes(outcome.kind)) countUp(minute, 'failed');
      if (minute.durationsMs.length < LARGEST_SAMPLE) {
        minute.durationsMs.push(Math.max(0, outcome.at - job.createdAt));
      }
    });
  }

  #addSettlement(job: JobRecord, before: JobRecord | undefined): void {
    const confirmed = completedStages(job, before).find(({ stage }) => stage === 'confirm');
    const result = job.results.confirm;
    // What does not fit is for its stage to complain about: counting must never fail.
    if (confirmed === undefined || !Value.Check(ConfirmResultSchema, result)) return;
    this.#at(confirmed.at, (minute) => {
      minute.gasUsed += BigInt(result.gasUsed);
      minute.spent += BigInt(result.cost);
      // Amounts of tokens are no wei, and no sum of theirs means anything.
      if (result.token === NATIVE_TOKEN) minute.earned += BigInt(result.earned);
    });
  }

  /** Of times that are not kept, nothing. */
  #at(time: number, count: (minute: Counts) => void): void {
    const minute = minuteOf(time);
    const oldest = minuteOf(this.#now()) - KEPT_MINUTES;
    if (minute <= oldest) return;
    for (const known of this.#minutes.keys()) if (known <= oldest) this.#minutes.delete(known);
    const counts = this.#minutes.get(minute) ?? noCounts();
    this.#minutes.set(minute, counts);
    count(counts);
  }
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

function countUp(minute: Counts, what: 'submitted' | 'done' | 'failed'): void {
  minute[what] += 1;
}

function noCounts(): Counts {
  return {
    submitted: 0,
    done: 0,
    failed: 0,
    durationsMs: [],
    gasUsed: 0n,
    spent: 0n,
    earned: 0n,
  };
}

function view(minute: number, counts: Counts): Minute {
  const { submitted, done, failed, durationsMs, gasUsed, spent, earned } = counts;
  const ascending = durationsMs.toSorted((a, b) => a - b);
  return {
    at: minute * MINUTE_MS,
    submitted,
    done,
    failed,
    p50Ms: percentile(ascending, 0.5) ?? null,
    p95Ms: percentile(ascending, 0.95) ?? null,
    gasUsed: gasUsed.toString(),
    spent: spent.toString(),
    earned: earned.toString(),
  };
}
