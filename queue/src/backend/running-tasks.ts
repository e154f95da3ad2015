/** The tasks that a consumer has in its hands: aborted one by one, and drained in bounded time. */
import { EnvironmentError } from '@zkinfer/core';
import { endsWithin } from './ends-within.ts';
import type { CloseOptions } from './job-backend.ts';

/** Why a running task was aborted. */
export type AbortKind = 'removed' | 'closing';

interface RunningTask {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  abortKind?: AbortKind;
}

/** What an action gets: its signal, and why that was aborted. */
export interface RunContext {
  readonly signal: AbortSignal;
  abortKind(): AbortKind | undefined;
}

const DEFAULT_ABORT_MS = 5_000;

/** Running actions by task id. */
export class RunningTasks {
  readonly #running = new Map<string, RunningTask>();

  get size(): number {
    return this.#running.size;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** Runs an action as a task; resolves or rejects with it. */
  async run<T>(id: string, action: (context: RunContext) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const task: RunningTask = { controller, ended };
    this.#running.set(id, task);
    try {
      return await action({ signal: controller.signal, abortKind: () => task.abortKind });
    } finally {
      // After a lost lock the same task may have been delivered here a second time.
      if (this.#running.get(id) === task) this.#running.delete(id);
      end();
    }
  }

  /** Aborts a task because it was removed; whether it runs here. */
  remove(id: string): boolean {
    const task = this.#running.get(id);
    if (task === undefined) return false;
    const reason = { code: 'QUEUE_TASK_REMOVED', what: 'the task was removed' };
    abort(task, 'removed', new EnvironmentError(reason));
    return true;
  }

  /** Waits for what runs, aborts what takes longer, waits again; whether all has ended. */
  async drain(options: CloseOptions): Promise<boolean> {
    if (await this.#allEndWithin(options.graceMs ?? 0)) return true;
    const reason = { code: 'QUEUE_CONSUMER_CLOSING', what: 'the consumer is closing' };
    for (const task of this.#running.values()) {
      abort(task, 'closing', new EnvironmentError(reason));
    }
    return this.#allEndWithin(options.abortMs ?? DEFAULT_ABORT_MS);
  }

  async #allEndWithin(ms: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    return endsWithin(ms, Promise.all([...this.#running.values()].map(({ ended }) => ended)));
  }
}

function abort(task: RunningTask, kind: AbortKind, reason: Error): void {
  task.abortKind ??= kind;
  task.controller.abort(reason);
}
