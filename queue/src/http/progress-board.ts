/** How far running stages are: the latest that workers told, for display. */
import { EventEmitter } from 'node:events';
import type { StageProgress } from '@zkinfer/core/service';
import { StageProgressSchema } from '@zkinfer/core/service';
import Value from 'typebox/value';
import type { JobBackend } from '../backend/job-backend.ts';
import { jobOfStageTask, stageTaskId } from '../jobs/job-ids.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import { CHAIN_ROUTE, type StageName } from '../jobs/stages.ts';
import type { JsonObject } from '../json-value.ts';

/** Tasks that are remembered; the ones that told something longest ago go first. */
const MOST_TASKS = 5_000;

/** Follows the progress of all stages. */
export class ProgressBoard {
  readonly #latest = new Map<string, StageProgress>();
  readonly #events = new EventEmitter<{ progress: [jobId: string] }>().setMaxListeners(0);
  #stops: (() => Promise<void>)[] = [];

  /** @throws EnvironmentError QUEUE_BACKEND_UNAVAILABLE */
  static async start(backend: JobBackend): Promise<ProgressBoard> {
    const board = new ProgressBoard();
    board.#stops = await Promise.all(
      CHAIN_ROUTE.map((stage) =>
        backend.watchProgress(stage, (taskId, progress) => board.#take(stage, taskId, progress)),
      ),
    );
    return board;
  }

  /** How far the current task of a job is; null where nothing was told. */
  of({ id, stage, fence }: JobRecord): StageProgress | null {
    return this.#latest.get(stageTaskId(id, stage, fence)) ?? null;
  }

  /** Hears of jobs whose progress changed until the function that it gives is called. */
  onProgress(listener: (jobId: string) => void): () => void {
    this.#events.on('progress', listener);
    return () => this.#events.off('progress', listener);
  }

  async close(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
  }

  /** Other forms than the one that clients are promised are not passed on. */
  #take(stage: StageName, taskId: string, progress: JsonObject): void {
    const jobId = jobOfStageTask(taskId, stage);
    if (jobId === undefined || !Value.Check(StageProgressSchema, progress)) return;
    this.#latest.delete(taskId);
    this.#latest.set(taskId, progress);
    const oldest = this.#latest.keys().next();
    if (this.#latest.size > MOST_TASKS && !oldest.done) this.#latest.delete(oldest.value);
    this.#events.emit('progress', jobId);
  }
}
