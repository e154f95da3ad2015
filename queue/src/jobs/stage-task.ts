/** What goes from the pipeline to workers and back: one try of a stage, and the report on it. */
import { jsonShapeError, readInteger, readObject, readString } from '@zkinfer/core';
import type { Task } from '../backend/job-backend.ts';
import type { JsonObject } from '../json-value.ts';
import type { StageError } from './classify-error.ts';
import { stageTaskId } from './job-ids.ts';
import { jobPriority } from './job-priority.ts';
import { type JobRecord, readJsonObject, readResults, readStageName } from './job-record.ts';
import type { ErrorClass, StageName } from './stages.ts';

/** The most a request may be as JSON: with the results of all stages it must fit into a task. */
export const LARGEST_REQUEST_BYTES = 4 * 1024;

/** The most a stage's result may be as JSON: references, digests, hashes. */
export const LARGEST_RESULT_BYTES = 2 * 1024;

/** The queue of reports on their way to the pipeline. */
export const REPORT_QUEUE = 'reports';

/** One try of one stage, as its worker gets it. */
export interface StageTask {
  readonly jobId: string;
  readonly stage: StageName;
  readonly attempt: number;
  readonly fence: number;
  readonly deadlineMs: number | null;
  readonly request: JsonObject;
  /** Of the stages before. */
  readonly results: JobRecord['results'];
}

/** What became of a try. */
export type StageReport = { readonly jobId: string; readonly fence: number } & (
  | {
      readonly kind: 'completed';
      readonly result: JsonObject;
      /** Whether the rest of the route is not needed. */
      readonly finishes: boolean;
    }
  | { readonly kind: 'error'; readonly error: StageError }
  | { readonly kind: 'poisoned' }
  | { readonly kind: 'expired' }
);

const CODE = /^[A-Z][A-Z0-9_]{0,79}$/;

const ERROR_CLASSES: readonly ErrorClass[] = ['retryable', 'fatal', 'final'];

/** The current task of an active job; its queue has the name of the stage. */
export function taskOf(job: JobRecord, now: number): Task {
  const { id: jobId, stage, attempt, fence, deadlineMs, request, results } = job;
  const task: StageTask = { jobId, stage, attempt, fence, deadlineMs, request, results };
  return {
    id: stageTaskId(jobId, stage, fence),
    data: { ...task } as unknown as JsonObject,
    priority: jobPriority(job.createdAt, deadlineMs),
    delayMs: Math.max(0, job.dueAt - now),
  };
}

/** @throws InputError CORE_JSON_SHAPE */
export function readStageTask(data: JsonObject): StageTask {
  const keys = ['jobId', 'stage', 'attempt', 'fence', 'deadlineMs', 'request', 'results'] as const;
  const task = readObject(data, 'task', keys);
  return {
    jobId: readString(task.jobId, 'task.jobId'),
    stage: readStageName(task.stage, 'task.stage'),
    attempt: readInteger(task.attempt, 'task.attempt', 1),
    fence: readInteger(task.fence, 'task.fence', 1),
    deadlineMs: task.deadlineMs === null ? null : readInteger(task.deadlineMs, 'task.deadlineMs'),
    request: readJsonObject(task.request, 'task.request'),
    results: readResults(task.results, 'task.results'),
  };
}

/** @throws InputError CORE_JSON_SHAPE */
export function readStageReport(data: JsonObject): StageReport {
  const optional = ['result', 'finishes', 'error'] as const;
  const report = readObject(data, 'report', ['jobId', 'fence', 'kind'], optional);
  const jobId = readString(report.jobId, 'report.jobId');
  const fence = readInteger(report.fence, 'report.fence', 1);
  const kind = readString(report.kind, 'report.kind');
  if (kind === 'poisoned' || kind === 'expired') return { jobId, fence, kind };
  if (kind === 'error') return { jobId, fence, kind, error: readStageError(report.error) };
  if (kind !== 'completed') throw jsonShapeError('report.kind', undefined, 'a kind of report');
  const result = readJsonObject(report.result, 'report.result');
  return { jobId, fence, kind, result, finishes: report.finishes === true };
}

function readStageError(value: unknown): StageError {
  const error = readObject(value, 'report.error', ['code', 'class']);
  const errorClass = ERROR_CLASSES.find((known) => known === error.class);
  if (errorClass === undefined) throw jsonShapeError('report.error.class', undefined, 'a class');
  const code = readString(error.code, 'report.error.code');
  // Codes are shown, logged and stored: nothing else may come in their place.
  if (!CODE.test(code)) throw jsonShapeError('report.error.code', undefined, 'a code');
  return { code, class: errorClass };
}
