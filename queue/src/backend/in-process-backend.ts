/**
 * The backend of one process: tasks are kept in the store, so that they survive a restart, and
 * handed to consumers of the same process. Needs no Redis.
 *
 * That a task runs is stored before its handler is called: a task that kills the process is seen
 * to have been running when the store is opened again.
 */
import { EventEmitter } from 'node:events';
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { Records } from '../store/records.ts';
import type { Store, StoreOperation } from '../store/store.ts';
import { HandedBack, handBack } from './handed-back.ts';
import { InProcessConsumer } from './in-process-consumer.ts';
import { InProcessQueue } from './in-process-queue.ts';
import { type KeptTask, keyOfTask, STORED_TASKS, type StoredTask } from './in-process-task.ts';
import type {
  BackendHealth,
  ConsumeOptions,
  Consumer,
  JobBackend,
  ProgressListener,
  QueueCounts,
  Task,
  TaskHandler,
  TaskState,
} from './job-backend.ts';
import type { RunContext } from './running-tasks.ts';
import {
  backendClosedError,
  redeliveryDelayMs,
  requireQueueName,
  requireTask,
} from './task-rules.ts';

/** How the in-process backend is opened. */
export interface InProcessOptions {
  readonly logger?: Logger;
}

/** `JobBackend` in this process over a `Store`, which stays the caller's to close. */
export class InProcessBackend implements JobBackend {
  readonly name = 'in-process';
  readonly #store: Store;
  readonly #records: Records<StoredTask>;
  readonly #logger: Logger;
  readonly #tasks = new Map<string, KeptTask>();
  readonly #queues = new Map<string, InProcessQueue<KeptTask>>();
  readonly #consumers = new Set<InProcessConsumer>();
  readonly #progress = new EventEmitter().setMaxListeners(0);
  #sequence = 0;
  #closed = false;

  private constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#records = new Records(store, STORED_TASKS);
    this.#logger = logger;
  }

  /** Takes up what an earlier process left. @throws the store's errors */
  static async open(store: Store, options: InProcessOptions = {}): Promise<InProcessBackend> {
    const backend = new InProcessBackend(store, options.logger ?? SILENT_LOGGER);
    await backend.#load();
    return backend;
  }

  async enqueue(queue: string, tasks: readonly Task[]): Promise<void> {
    this.#requireOpen();
    requireQueueName(queue);
    for (const task of tasks) requireTask(task);
    const added = tasks.flatMap((task) => this.#admit(queue, task));
    try {
      await this.#commit(added.map((task) => this.#records.put(keyOfTask(task), task)));
    } catch (error) {
      for (const task of added) this.#tasks.delete(keyOfTask(task));
      throw error;
    }
    for (const task of added) {
      // Removed while it was being stored.
      if (this.#tasks.get(keyOfTask(task)) === task) this.#queue(queue).add(task);
    }
  }

  async states(queue: string, ids: readonly string[]): Promise<readonly TaskState[]> {
    this.#requireOpen();
    return ids.map((id) => {
      const task = this.#tasks.get(keyOfTask({ queue, id }));
      if (task === undefined) return 'unknown';
      return task.running ? 'running' : 'waiting';
    });
  }

  async remove(queue: string, id: string): Promise<void> {
    this.#requireOpen();
    const task = this.#tasks.get(keyOfTask({ queue, id }));
    if (task === undefined) return;
    if (task.running) {
      for (const consumer of this.#consumers) consumer.abort(task);
      return;
    }
    this.#queue(queue).delete(task);
    this.#tasks.delete(keyOfTask(task));
    try {
      await this.#commit([this.#records.delete(keyOfTask(task))]);
    } catch (error) {
      this.#tasks.set(keyOfTask(task), task);
      this.#queue(queue).add(task);
      throw error;
    }
  }

  async consume(queue: string, handler: TaskHandler, options: ConsumeOptions): Promise<Consumer> {
    this.#requireOpen();
    requireQueueName(queue);
    const tasks = this.#queue(queue);
    const consumer = new InProcessConsumer(tasks, options.concurrency, (task, context) =>
      this.#deliver(task, handler, context),
    );
    this.#consumers.add(consumer);
    tasks.addTaker(consumer);
    return {
      close: async (closeOptions) => {
        await consumer.close(closeOptions);
        this.#consumers.delete(consumer);
      },
    };
  }

  async watchProgress(queue: string, listener: ProgressListener): Promise<() => Promise<void>> {
    this.#requireOpen();
    this.#progress.on(eventOf(queue), listener);
    return async () => {
      this.#progress.off(eventOf(queue), listener);
    };
  }

  async counts(queue: string): Promise<QueueCounts> {
    this.#requireOpen();
    const { waiting, delayed } = this.#queue(queue);
    const running = [...this.#tasks.values()].filter((t) => t.queue === queue && t.running).length;
    return { waiting, delayed, running };
  }

  async health(): Promise<BackendHealth> {
    const problems = this.#closed ? ['the backend was closed'] : [];
    return { backend: this.name, ok: !this.#closed, problems };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#consumers].map((consumer) => consumer.close({})));
    this.#consumers.clear();
    for (const queue of this.#queues.values()) queue.close();
  }

  async #load(): Promise<void> {
    for await (const { id: key, record } of this.#records.list()) {
      const [queue, id] = key.split('/') as [string, string];
      const crashes = record.crashes + (record.running ? 1 : 0);
      const task = { ...record, queue, id, crashes, running: false, failures: 0 };
      this.#sequence = Math.max(this.#sequence, task.sequence);
      this.#tasks.set(key, task);
      this.#queue(queue).add(task);
    }
  }

  /** The task as kept from now on; nothing if it is known. */
  #admit(queue: string, task: Task): KeptTask[] {
    const key = keyOfTask({ queue, id: task.id });
    if (this.#tasks.has(key)) return [];
    const { id, data, priority, delayMs = 0 } = task;
    const sequence = ++this.#sequence;
    const dueAt = Date.now() + Math.ceil(delayMs);
    const state = { crashes: 0, running: false, failures: 0 };
    const kept: KeptTask = {
      queue,
      id,
      data: structuredClone(data),
      priority,
      sequence,
      dueAt,
      ...state,
    };
    this.#tasks.set(key, kept);
    return [kept];
  }

  async #deliver(task: KeptTask, handler: TaskHandler, context: RunContext): Promise<void> {
    try {
      await this.#commit([this.#records.put(keyOfTask(task), task)]);
      await handler({
        id: task.id,
        data: structuredClone(task.data),
        crashes: task.crashes,
        signal: context.signal,
        reportProgress: (progress) => this.#progress.emit(eventOf(task.queue), task.id, progress),
        handBack,
      });
      await this.#finish(task);
    } catch (error) {
      await this.#afterFailure(task, error, context);
    }
  }

  async #afterFailure(task: KeptTask, error: unknown, context: RunContext): Promise<void> {
    const kind = context.abortKind();
    try {
      if (kind === 'removed') await this.#finish(task);
      else await this.#putBack(task, kind === 'closing' ? 0 : delayAfter(task, error));
    } catch (storeError) {
      // Kept in memory; stored as running, so the next start delivers it again.
      this.#logger.error({ err: storeError, task: task.id }, 'a task could not be put back');
    }
    if (kind !== undefined || error instanceof HandedBack) return;
    this.#logger.warn(
      { err: error, queue: task.queue, task: task.id },
      'a task is delivered again',
    );
  }

  async #putBack(task: KeptTask, delayMs: number): Promise<void> {
    task.running = false;
    task.dueAt = Date.now() + delayMs;
    try {
      await this.#commit([this.#records.put(keyOfTask(task), task)]);
    } finally {
      // After the commit, so that it cannot overwrite that the task runs again.
      this.#queue(task.queue).add(task);
    }
  }

  async #finish(task: KeptTask): Promise<void> {
    await this.#commit([this.#records.delete(keyOfTask(task))]);
    this.#tasks.delete(keyOfTask(task));
  }

  /** Unflushed: what a power cut takes, the pipeline enqueues again. */
  #commit(operations: readonly StoreOperation[]): Promise<unknown> {
    return this.#store.commit(operations, { flush: false });
  }

  #queue(name: string): InProcessQueue<KeptTask> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const created = new InProcessQueue<KeptTask>();
    this.#queues.set(name, created);
    return created;
  }

  #requireOpen(): void {
    if (this.#closed) throw backendClosedError();
  }
}

function delayAfter(task: KeptTask, error: unknown): number {
  return error instanceof HandedBack ? error.delayMs : redeliveryDelayMs(++task.failures);
}

/** `error` is special to event emitters. */
function eventOf(queue: string): string {
  return `progress ${queue}`;
}
