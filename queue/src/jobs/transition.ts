/**
 * How jobs change: pure functions from a job, and what happened, to the job after. The pipeline
 * commits what they give only if the job is still the one that they were given.
 */
import type { JsonObject } from '../json-value.ts';
import {
  type JobEvent,
  type JobRecord,
  KEPT_EVENTS,
  OUTCOME_CODES,
  type OutcomeKind,
} from './job-record.ts';
import type { StageReport } from './stage-task.ts';
import { retryDelayMs, type StageDefinitions, type StageName } from './stages.ts';

/** What transitions depend on besides the job. */
export interface TransitionContext {
  readonly stages: StageDefinitions;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** What is asked for. */
export interface JobSubmission {
  /** `chainJobId`, `httpJobId`, or other letters, digits and `-`. */
  readonly id: string;
  /** At least one stage. */
  readonly route: readonly StageName[];
  /** At most LARGEST_REQUEST_BYTES of JSON: ids and references. */
  readonly request: JsonObject;
  /** Milliseconds since 1970; none unless told. */
  readonly deadlineMs?: number;
}

export function newJob(submission: JobSubmission, now: number): JobRecord {
  const { id, route, request, deadlineMs = null } = submission;
  const stage = route[0]!;
  return {
    id,
    route,
    request,
    deadlineMs,
    createdAt: now,
    updatedAt: now,
    stage,
    attempt: 1,
    fence: 1,
    dueAt: now,
    results: {},
    outcome: null,
    events: [{ at: now, stage, attempt: 1, what: 'begun', code: null }],
  };
}

/** The job after a report on its current task. */
export function afterReport(
  job: JobRecord,
  report: StageReport,
  context: TransitionContext,
): JobRecord {
  switch (report.kind) {
    case 'completed':
      return afterCompletion(job, report.result, report.finishes, context.now);
    case 'error':
      return afterError(job, report.error.class, report.error.code, context);
    case 'poisoned':
      return ended(job, 'parked', OUTCOME_CODES.parked, context.now);
    case 'expired':
      return ended(job, 'expired', OUTCOME_CODES.expired, context.now);
  }
}

/** The job, ended for a reason that no worker gave. */
export function ended(job: JobRecord, kind: OutcomeKind, code: string, now: number): JobRecord {
  const { stage } = job;
  const outcome = { kind, code, stage, at: now };
  return { ...job, outcome, updatedAt: now, events: withEvent(job, kind, code, now) };
}

/** An ended job, active again at a stage, with all its tries before it. */
export function revived(job: JobRecord, stage: StageName, now: number): JobRecord {
  return begun({ ...job, outcome: null }, stage, 1, now, now);
}

function afterCompletion(
  job: JobRecord,
  result: JsonObject,
  finishes: boolean,
  now: number,
): JobRecord {
  const events = withEvent(job, 'completed', null, now);
  const completed = { ...job, results: { ...job.results, [job.stage]: result }, events };
  const next = job.route[job.route.indexOf(job.stage) + 1];
  if (finishes || next === undefined) return ended(completed, 'done', OUTCOME_CODES.done, now);
  return begun(completed, next, 1, now, now);
}

function afterError(
  job: JobRecord,
  errorClass: 'retryable' | 'fatal' | 'final',
  code: string,
  { stages, now, random }: TransitionContext,
): JobRecord {
  if (errorClass === 'final') return ended(job, 'closed', code, now);
  const { retry, abandonable } = stages[job.stage];
  if (errorClass === 'fatal' || job.attempt >= retry.attempts) {
    return ended(job, 'failed', code, now);
  }
  const dueAt = now + retryDelayMs(retry, job.attempt, random);
  if (abandonable && job.deadlineMs !== null && dueAt >= job.deadlineMs) {
    return ended(job, 'expired', code, now);
  }
  const events = withEvent(job, 'retrying', code, now);
  return begun({ ...job, events }, job.stage, job.attempt + 1, dueAt, now);
}

function begun(
  job: JobRecord,
  stage: StageName,
  attempt: number,
  dueAt: number,
  now: number,
): JobRecord {
  const next = { ...job, stage, attempt, fence: job.fence + 1, dueAt, updatedAt: now };
  return { ...next, events: withEvent(next, 'begun', null, dueAt) };
}

function withEvent(
  { events, stage, attempt }: JobRecord,
  what: JobEvent['what'],
  code: string | null,
  at: number,
): readonly JobEvent[] {
  return [...events, { at, stage, attempt, what, code }].slice(-KEPT_EVENTS);
}
