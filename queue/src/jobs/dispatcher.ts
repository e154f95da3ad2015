/**
 * Keeps backend and pipeline in step. Every transition's next task is enqueued as soon as it is
 * committed; what could not be, or what the backend lost (a wiped Redis), is found by sweeping over
 * the active jobs and enqueued again. Enqueuing is idempotent by id, so once too often does no harm.
 */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import type { Consumer, JobBackend } from '../backend/job-backend.ts';
import { stageTaskId } from './job-ids.ts';
import type { JobRecord } from './job-record.ts';
import type { Pipeline } from './pipeline.ts';
import { consumeReports, type ReportExaminer } from './reports.ts';
import { taskOf } from './stage-task.ts';
import type { StageName } from './stages.ts';

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly pipeline: Pipeline;
  readonly backend: JobBackend;
  /** How often it looks for what was lost or has expired, 15 s unless told. */
  readonly sweepMs?: number;
  readonly logger?: Logger;
  /** Looks at the reports of other processes before they count; all are believed unless told. */
  readonly examine?: ReportExaminer;
}

const DEFAULT_SWEEP_MS = 15_000;

/** Jobs that a sweep looks at together. */
const CHUNK = 500;

/** Runs in the process of the pipeline: one for a store. */
export class Dispatcher {
  readonly #pipeline: Pipeline;
  readonly #backend: JobBackend;
  readonly #sweepMs: number;
  readonly #logger: Logger;
  /**
   * Tasks that could not be enqueued, or that the last sweep did not find; not enqueued again at
   * the first look, since a report on them may be under way.
   */
  #missing = new Set<string>();
  #sending = new Set<Promise<void>>();
  #reports: Consumer | undefined;
  #stopListening: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: DispatcherOptions) {
    this.#pipeline = options.pipeline;
    this.#backend = options.backend;
    this.#sweepMs = options.sweepMs ?? DEFAULT_SWEEP_MS;
    this.#logger = options.logger ?? SILENT_LOGGER;
  }

  /**
   * Enqueues all tasks of active jobs, then follows the pipeline and takes workers' reports.
   * @throws EnvironmentError QUEUE_BACKEND_UNAVAILABLE and the store's errors
   */
  static async start(options: DispatcherOptions): Promise<Dispatcher> {
    const dispatcher = new Dispatcher(options);
    dispatcher.#stopListening = options.pipeline.onTransition((job, before) => {
      dispatcher.#follow(job, before);
    });
    try {
      for await (const jobs of dispatcher.#activeJobs()) await dispatcher.#enqueue(jobs);
      const { backend, pipeline } = options;
      dispatcher.#reports = await consumeReports(backend, pipeline, options);
    } catch (error) {
      await dispatcher.close();
      throw error;
    }
    dispatcher.#schedule();
    return dispatcher;
  }

  /** Enqueues what the backend has lost, ends what has expired. Runs by itself, too. */
  sweep(): Promise<void> {
    this.#sweeping = this.#sweeping.then(() => this.#sweepNow());
    return this.#sweeping;
  }

  /** Stops following; what is under way ends first. The backend stays the caller's to close. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    clearTimeout(this.#timer);
    await this.#reports?.close({ graceMs: 5_000 });
    await Promise.allSettled([...this.#sending, this.#sweeping]);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.sweep().then(() => this.#schedule());
    }, this.#sweepMs);
  }

  #follow(job: JobRecord, before: JobRecord | undefined): void {
    const sending = this.#carryOut(job, before).catch((error: unknown) => {
      this.#logger.warn({ err: error, jobId: job.id }, 'the backend is not told yet');
      this.#missing.add(taskIdOf(job));
    });
    this.#sending.add(sending);
    sending.finally(() => this.#sending.delete(sending));
  }

  async #carryOut(job: JobRecord, before: JobRecord | undefined): Promise<void> {
    if (job.outcome === null) await this.#enqueue([job]);
    // The worker that reported the end is about to finish its task by itself.
    const unasked = ['cancelled', 'closed', 'expired'].includes(job.outcome?.kind ?? '');
    if (unasked && before !== undefined) {
      await this.#backend.remove(before.stage, taskIdOf(before));
    }
  }

  async #sweepNow(): Promise<void> {
    const missing = new Set<string>();
    try {
      for await (const jobs of this.#activeJobs()) {
        const live = await this.#expire(jobs);
        for (const [stage, ofStage] of byStage(live)) {
          await this.#restore(stage, ofStage, missing);
        }
        if (this.#closed) return;
      }
      this.#missing = missing;
    } catch (error) {
      this.#logger.warn({ err: error }, 'a sweep was cut short');
    }
  }

  /** The jobs that are left when those that have expired are ended. */
  async #expire(jobs: readonly JobRecord[]): Promise<JobRecord[]> {
    const live: JobRecord[] = [];
    for (const job of jobs) {
      const late = job.deadlineMs !== null && Date.now() >= job.deadlineMs;
      if (!late || !(await this.#pipeline.expire(job.id))) live.push(job);
    }
    return live;
  }

  /** Enqueues again what is missing for the second time. */
  async #restore(
    stage: StageName,
    jobs: readonly JobRecord[],
    missing: Set<string>,
  ): Promise<void> {
    const states = await this.#backend.states(stage, jobs.map(taskIdOf));
    const lost = jobs.filter((_, i) => states[i] === 'unknown' || states[i] === 'finished');
    for (const job of lost) {
      const id = taskIdOf(job);
      if (!this.#missing.has(id)) {
        missing.add(id);
        continue;
      }
      // A task that ended without a report that arrived is done once more.
      await this.#backend.remove(stage, id);
      await this.#enqueue([job]);
      this.#logger.info({ jobId: job.id, stage }, 'a lost task is enqueued again');
    }
  }

  async #enqueue(jobs: readonly JobRecord[]): Promise<void> {
    const now = Date.now();
    for (const [stage, ofStage] of byStage(jobs)) {
      await this.#backend.enqueue(
        stage,
        ofStage.map((job) => taskOf(job, now)),
      );
    }
  }

  async *#activeJobs(): AsyncGenerator<JobRecord[]> {
    let chunk: JobRecord[] = [];
    for await (const job of this.#pipeline.list({ status: 'active' })) {
      chunk.push(job);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }
}

function taskIdOf(job: JobRecord): string {
  return stageTaskId(job.id, job.stage, job.fence);
}

function byStage(jobs: readonly JobRecord[]): Map<StageName, JobRecord[]> {
  const groups = new Map<StageName, JobRecord[]>();
  for (const job of jobs) groups.set(job.stage, [...(groups.get(job.stage) ?? []), job]);
  return groups;
}
