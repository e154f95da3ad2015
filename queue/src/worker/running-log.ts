/** What a worker has in its hands, and what it has done, for its status. */
import type { RunningTask, StageProgress } from '@zkinfer/core/service';
import type { StageTask } from '../jobs/stage-task.ts';

/** Tasks that run, and counts of those that have ended. */
export class RunningLog {
  readonly #running = new Set<{ -readonly [K in keyof RunningTask]: RunningTask[K] }>();
  #proofsDone = 0;
  #tasksFailed = 0;

  get running(): readonly RunningTask[] {
    return [...this.#running].map((task) => ({ ...task }));
  }

  get proofsDone(): number {
    return this.#proofsDone;
  }

  get tasksFailed(): number {
    return this.#tasksFailed;
  }

  /** A task failed and this worker, or the task, is to blame. */
  countFailure(): void {
    this.#tasksFailed += 1;
  }

  /** Does a task, which tells its progress. */
  async run<R>(
    { jobId, stage }: StageTask,
    modelDigest: string,
    action: (onProgress: (progress: StageProgress) => void) => Promise<R>,
  ): Promise<R> {
    const task: RunningTask = { jobId, stage, modelDigest, since: Date.now(), progress: null };
    this.#running.add(task);
    try {
      const result = await action((progress) => {
        task.progress = progress;
      });
      if (stage === 'prove') this.#proofsDone += 1;
      return result;
    } finally {
      this.#running.delete(task);
    }
  }
}
