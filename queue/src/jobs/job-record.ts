/** A job as the store keeps it: the authority on what has been done and what comes next. */
import {
  jsonShapeError,
  readArray,
  readInteger,
  readObject,
  readRecord,
  readString,
} from '@zkinfer/core';
import type { JsonObject, JsonValue } from '../json-value.ts';
import type { RecordKind } from '../store/records.ts';
import { CHAIN_ROUTE, type StageName } from './stages.ts';

/**
 * `done`: every stage of the route, or as many as were needed. `closed`: the chain decided
 * otherwise. `expired`: the deadline passed before anything was sent. `cancelled`: the caller's
 * wish. `failed`: an error that does not pass, or too many tries. `parked`: too many workers died
 * on it.
 */
export type OutcomeKind = 'done' | 'closed' | 'expired' | 'cancelled' | 'failed' | 'parked';

/** `active`, or how it ended. `failed` and `parked` jobs can be retried. */
export type JobStatus = 'active' | OutcomeKind;

/** All of them, for listings. */
export const JOB_STATUSES: readonly JobStatus[] = [
  'active',
  'done',
  'closed',
  'expired',
  'cancelled',
  'failed',
  'parked',
];

/** Codes of outcomes that no error of a stage gives. */
export const OUTCOME_CODES = {
  done: 'QUEUE_DONE',
  expired: 'QUEUE_DEADLINE_PASSED',
  cancelled: 'QUEUE_CANCELLED',
  parked: 'QUEUE_POISONED',
} as const;

/** What happened to a job, for its timeline. */
export interface JobEvent {
  readonly at: number;
  readonly stage: StageName;
  readonly attempt: number;
  readonly what: 'begun' | 'completed' | 'retrying' | OutcomeKind;
  /** Of the error or outcome. */
  readonly code: string | null;
}

/** How a job ended. */
export interface JobOutcome {
  readonly kind: OutcomeKind;
  /** The code of the error that ended it, or of OUTCOME_CODES. */
  readonly code: string;
  /** Where: `expired` at `prove` is a deadline that passed while proving. */
  readonly stage: StageName;
  readonly at: number;
}

/** A job. Times are milliseconds since 1970. */
export interface JobRecord {
  readonly id: string;
  /** The stages it goes through, in order. */
  readonly route: readonly StageName[];
  /** What was asked for: ids and references. Never changes. */
  readonly request: JsonObject;
  readonly deadlineMs: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The current stage, or the one where it ended. */
  readonly stage: StageName;
  /** Tries of the current stage so far, the current one included. */
  readonly attempt: number;
  /** Grows with every task of the job: a report on an earlier one is stale. */
  readonly fence: number;
  /** When the current task may begin. */
  readonly dueAt: number;
  /** What the stages that are done gave: ids and references. */
  readonly results: Readonly<Partial<Record<StageName, JsonObject>>>;
  /** null while it is active. */
  readonly outcome: JobOutcome | null;
  /** The latest, oldest first. */
  readonly events: readonly JobEvent[];
}

/** How many events a record keeps: a job that is retried for long shows its end. */
export const KEPT_EVENTS = 60;

export function statusOf(job: JobRecord): JobStatus {
  return job.outcome?.kind ?? 'active';
}

/** Jobs in the store. */
export const JOB_RECORDS: RecordKind<JobRecord> = {
  name: 'job',
  form: 1,
  // Readonly interfaces of JSON: TypeScript has no other way to say so.
  write: (job) => ({ ...job }) as unknown as JsonObject,
  read: readJob,
};

const KEYS = [
  'id',
  'route',
  'request',
  'deadlineMs',
  'createdAt',
  'updatedAt',
  'stage',
  'attempt',
  'fence',
  'dueAt',
  'results',
  'outcome',
  'events',
] as const;

function readJob(data: unknown, path: string): JobRecord {
  const job = readObject(data, path, KEYS);
  const time = (key: 'createdAt' | 'updatedAt' | 'dueAt') =>
    readInteger(job[key], `${path}.${key}`);
  return {
    id: readString(job.id, `${path}.id`),
    route: readArray(job.route, `${path}.route`).map((name) => readStageName(name, path)),
    request: readJsonObject(job.request, `${path}.request`),
    deadlineMs: job.deadlineMs === null ? null : readInteger(job.deadlineMs, `${path}.deadlineMs`),
    createdAt: time('createdAt'),
    updatedAt: time('updatedAt'),
    stage: readStageName(job.stage, `${path}.stage`),
    attempt: readInteger(job.attempt, `${path}.attempt`, 1),
    fence: readInteger(job.fence, `${path}.fence`, 1),
    dueAt: time('dueAt'),
    results: readResults(job.results, `${path}.results`),
    outcome: job.outcome === null ? null : readOutcome(job.outcome, `${path}.outcome`),
    events: readArray(job.events, `${path}.events`).map((event) => readEvent(event, path)),
  };
}

/** @throws InputError CORE_JSON_SHAPE */
export function readStageName(value: unknown, path: string): StageName {
  const name = CHAIN_ROUTE.find((known) => known === value);
  if (name !== undefined) return name;
  throw jsonShapeError(path, undefined, `one of ${CHAIN_ROUTE.join(', ')}`);
}

/** @throws InputError CORE_JSON_SHAPE */
export function readResults(value: unknown, path: string): JobRecord['results'] {
  const results = Object.entries(readRecord(value, path)).map(
    ([name, result]) => [readStageName(name, path), readJsonObject(result, path)] as const,
  );
  return Object.fromEntries(results);
}

/** What JSON.parse gave is JSON all through. @throws InputError CORE_JSON_SHAPE */
export function readJsonObject(value: unknown, path: string): JsonObject {
  return readRecord(value, path) as Record<string, JsonValue>;
}

function readOutcome(value: unknown, path: string): JobOutcome {
  const outcome = readObject(value, path, ['kind', 'code', 'stage', 'at']);
  const kind = JOB_STATUSES.find((status) => status !== 'active' && status === outcome.kind);
  if (kind === undefined) throw jsonShapeError(path, undefined, 'a kind of outcome');
  return {
    kind: kind as OutcomeKind,
    code: readString(outcome.code, `${path}.code`),
    stage: readStageName(outcome.stage, `${path}.stage`),
    at: readInteger(outcome.at, `${path}.at`),
  };
}

function readEvent(value: unknown, path: string): JobEvent {
  const event = readObject(value, path, ['at', 'stage', 'attempt', 'what', 'code']);
  return {
    at: readInteger(event.at, path),
    stage: readStageName(event.stage, path),
    attempt: readInteger(event.attempt, path, 1),
    what: readString(event.what, path) as JobEvent['what'],
    code: event.code === null ? null : readString(event.code, path),
  };
}
