/** A consumer of the in-process backend. */
import type { InProcessQueue, Taker } from './in-process-queue.ts';
import type { KeptTask } from './in-process-task.ts';
import type { CloseOptions, Consumer } from './job-backend.ts';
import { type RunContext, RunningTasks } from './running-tasks.ts';

/** Takes tasks of a queue as long as it has room. */
export class InProcessConsumer implements Consumer, Taker<KeptTask> {
  readonly #queue: InProcessQueue<KeptTask>;
  readonly #concurrency: number;
  readonly #deliver: (task: KeptTask, context: RunContext) => Promise<void>;
  readonly #running = new RunningTasks();

  constructor(
    queue: InProcessQueue<KeptTask>,
    concurrency: number,
    deliver: (task: KeptTask, context: RunContext) => Promise<void>,
  ) {
    this.#queue = queue;
    this.#concurrency = concurrency;
    this.#deliver = deliver;
  }

  hasRoom(): boolean {
    return this.#running.size < this.#concurrency;
  }

  take(task: KeptTask): void {
    task.running = true;
    this.#running
      .run(task.id, (context) => this.#deliver(task, context))
      .finally(() => this.#queue.pump());
  }

  abort(task: KeptTask): void {
    this.#running.remove(task.id);
  }

  async close(options: CloseOptions = {}): Promise<void> {
    this.#queue.deleteTaker(this);
    await this.#running.drain(options);
  }
}
