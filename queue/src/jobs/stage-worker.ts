/**
 * Does one stage's tasks, in any process: needs the backend, not the store. Whatever happens to a
 * task ends in a report; a task whose report cannot be sent is delivered again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { HandedBack } from '../backend/handed-back.ts';
import type { Consumer, Delivery, JobBackend } from '../backend/job-backend.ts';
import type { JsonObject } from '../json-value.ts';
import { classifyError } from './classify-error.ts';
import {
  LARGEST_RESULT_BYTES,
  readStageTask,
  type StageReport,
  type StageTask,
} from './stage-task.ts';
import type { StageDefinition } from './stages.ts';

/** What a handler has besides its task. */
export interface StageContext {
  /** Aborted on timeout, when the job is cancelled, and when the worker closes. End soon then. */
  readonly signal: AbortSignal;
  /** For display; at most a few times a second. */
  reportProgress(progress: JsonObject): void;
  /** Gives the task to another worker, as `Delivery.handBack`: no try is counted, nothing reported. */
  handBack(delayMs: number): never;
}

/** What a handler gives. */
export interface StageResult {
  /** At most LARGEST_RESULT_BYTES of JSON: references, digests, hashes. Later stages get it. */
  readonly result: JsonObject;
  /** Whether the rest of the route is not needed, such as callbacks that succeeded. */
  readonly finishes?: boolean;
}

/**
 * Does one try of a stage. May run twice for one task, even at the same time: what it does outside
 * must be idempotent by job id. What it throws is classified by `classifyError`.
 */
export type StageHandler = (task: StageTask, context: StageContext) => Promise<StageResult>;

/** Takes a report to the pipeline; resolves when it cannot be lost any more. */
export type ReportSink = (report: StageReport) => Promise<unknown>;

/** What a worker works with. */
export interface StageWorkerOptions {
  readonly backend: JobBackend;
  readonly stage: StageDefinition;
  readonly handler: StageHandler;
  /** `reportThrough(backend)`, or `(report) => pipeline.apply(report)` in the pipeline's process. */
  readonly report: ReportSink;
  readonly concurrency: number;
  readonly logger?: Logger;
}

/** How long a handler has to end after its signal; what it still gives in that time counts. */
const GRACE_MS = 5_000;

const LONGEST_REPORT_DELAY_MS = 5_000;

/** Begins to work; close the consumer to end. */
export async function startStageWorker(options: StageWorkerOptions): Promise<Consumer> {
  const { backend, stage, concurrency } = options;
  const logger = options.logger ?? SILENT_LOGGER;
  return backend.consume(
    stage.name,
    async (delivery) => {
      const report = await work(delivery, options, logger);
      if (report !== undefined) await send(report, options.report, delivery.signal, logger);
    },
    { concurrency },
  );
}

async function work(
  delivery: Delivery,
  { stage, handler }: StageWorkerOptions,
  logger: Logger,
): Promise<StageReport | undefined> {
  const task = readStageTask(delivery.data);
  const { jobId, fence } = task;
  if (delivery.crashes >= stage.maxCrashes) return { jobId, fence, kind: 'poisoned' };
  if (stage.abandonable && task.deadlineMs !== null && Date.now() >= task.deadlineMs) {
    return { jobId, fence, kind: 'expired' };
  }
  try {
    const { result, finishes = false } = await tryOnce(task, delivery, stage, handler);
    requireSmall(result);
    return { jobId, fence, kind: 'completed', result, finishes };
  } catch (error) {
    // Removed, or to be done by another worker: the backend knows which.
    if (delivery.signal.aborted || error instanceof HandedBack) throw error;
    const reported = classifyError(error, stage);
    const fields = { err: error, jobId, stage: stage.name, attempt: task.attempt, ...reported };
    logger.warn(fields, 'a stage failed');
    return { jobId, fence, kind: 'error', error: reported };
  }
}

async function tryOnce(
  task: StageTask,
  delivery: Delivery,
  stage: StageDefinition,
  handler: StageHandler,
): Promise<StageResult> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(timeoutError(stage)), stage.timeoutMs);
  const signal = AbortSignal.any([delivery.signal, timeout.signal]);
  const ended = new AbortController();
  try {
    const tooLate = rejectAfterGrace(signal, ended.signal);
    const { reportProgress, handBack } = delivery;
    return await Promise.race([handler(task, { signal, reportProgress, handBack }), tooLate]);
  } catch (error) {
    // What a handler throws after its signal is about the signal, however it words it.
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Rejects some time after the signal, unless `ended` comes first. */
function rejectAfterGrace(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const begin = () => {
      const timer = setTimeout(() => reject(signal.reason), GRACE_MS);
      ended.addEventListener('abort', () => clearTimeout(timer), { once: true });
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
}

/** Tries for as long as the worker lives: the work is done, and would be done again. */
async function send(
  report: StageReport,
  sink: ReportSink,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  for (let delayMs = 100; ; delayMs = Math.min(2 * delayMs, LONGEST_REPORT_DELAY_MS)) {
    try {
      await sink(report);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      logger.warn({ err: error, jobId: report.jobId }, 'a report waits');
      await sleep(delayMs);
    }
  }
}

function requireSmall(result: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= LARGEST_RESULT_BYTES) return;
  throw new InputError({
    code: 'QUEUE_RESULT_TOO_LARGE',
    what: 'the result of a stage is too large',
    got: `${bytes} bytes`,
    expected: `at most ${LARGEST_RESULT_BYTES}: references, not the things themselves`,
  });
}

function timeoutError(stage: StageDefinition): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_STAGE_TIMEOUT',
    what: `the stage ${stage.name} took too long`,
    expected: `at most ${stage.timeoutMs} ms`,
  });
}
