/**
 * What a job backend is: named queues of tasks, each delivered at least once to some consumer, in
 * this process or another. Imports types alone, so that backends depend on it and not on each
 * other.
 *
 * A backend knows nothing of stages, retries, deadlines and outcomes: these are the pipeline's,
 * whose store is the authority. What a backend loses is enqueued again, what it delivers twice has
 * its effect once. So Redis may be wiped, and both backends behave alike.
 */
import type { JsonObject } from '../json-value.ts';

/** The most urgent priority, and the least: what BullMQ can order. */
export const PRIORITIES = { first: 1, last: 2 ** 21 - 1 } as const;

/** The largest `data` of a task, as JSON: ids and references; inputs and witnesses live elsewhere. */
export const LARGEST_TASK_BYTES = 16 * 1024;

/** Something to be done once. */
export interface Task {
  /** Letters, digits, `-`, `_` and `.`, not digits alone; at most 200. Unique within its queue. */
  readonly id: string;
  /** At most LARGEST_TASK_BYTES; no secrets: Redis keeps it in the clear. */
  readonly data: JsonObject;
  /** In PRIORITIES, lower first; equal ones in the order in which they came. */
  readonly priority: number;
  /** Not delivered before so many milliseconds; 0 unless told. */
  readonly delayMs?: number;
}

/**
 * `waiting`, delayed ones included; `running`: delivered, not yet finished; `finished`: as long as a
 * backend remembers it; else `unknown`.
 */
export type TaskState = 'waiting' | 'running' | 'finished' | 'unknown';

/** A task in the hands of a consumer. */
export interface Delivery {
  readonly id: string;
  readonly data: JsonObject;
  /** How often a consumer was killed, or cut off, while it had this task. */
  readonly crashes: number;
  /**
   * Aborted when the task is removed, or when the consumer closes and its grace is over. A handler
   * should then end soon.
   */
  readonly signal: AbortSignal;
  /** Tells watchers how far it is. For display: may be lost. */
  reportProgress(progress: JsonObject): void;
  /**
   * Ends the handler by throwing `HandedBack`, which it must let through: the task is delivered again after a while, to
   * whoever takes it then, and counts as neither failed nor crashed. For consumers that cannot do this one task.
   * @param delayMs 0 to 60,000; choose it at random, so that consumers do not take turns
   */
  handBack(delayMs: number): never;
}

/**
 * Finishes the task by resolving. When it throws, the task is delivered again: at once, to another
 * consumer, if this one is closing; after the delay that it chose, if it handed the task back; else
 * after a delay that doubles from a second to half a minute.
 */
export type TaskHandler = (delivery: Delivery) => Promise<void>;

/** How a queue is consumed. */
export interface ConsumeOptions {
  /** The most tasks at a time in this consumer. */
  readonly concurrency: number;
}

/** How long closing takes at most. */
export interface CloseOptions {
  /** How long running handlers may go on undisturbed; 0 unless told. */
  readonly graceMs?: number;
  /** How long they have after their signals were aborted; 5 s unless told. */
  readonly abortMs?: number;
}

/** Takes tasks of one queue until it is closed. */
export interface Consumer {
  /**
   * Takes no more tasks, waits for running ones, aborts those that take longer. Tasks whose handler
   * does not end even then are delivered again later. Closing twice does no harm.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** How many tasks a queue holds. */
export interface QueueCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
}

/** Whether a backend works, for readiness probes and `doctor`. */
export interface BackendHealth {
  readonly backend: string;
  readonly ok: boolean;
  /** What is wrong or unwise, in words; may be there when all works. */
  readonly problems: readonly string[];
}

/** Hears of progress. */
export type ProgressListener = (taskId: string, progress: JsonObject) => void;

/**
 * Queues of tasks. Queue names are letters, digits and `-`.
 * @throws by all methods: EnvironmentError QUEUE_BACKEND_UNAVAILABLE when the backend cannot be
 *   reached, QUEUE_BACKEND_CLOSED after `close`
 */
export interface JobBackend {
  readonly name: string;
  /**
   * Adds tasks: once resolved, they survive the end of this process. A task whose id the queue knows, finished ones included as
   * long as they are remembered, is left as it is.
   * @throws InputError QUEUE_TASK_INVALID
   */
  enqueue(queue: string, tasks: readonly Task[]): Promise<void>;
  /** The states of tasks, in the order of `ids`. */
  states(queue: string, ids: readonly string[]): Promise<readonly TaskState[]>;
  /**
   * Forgets a task that waits or is finished. The signal of a running one is aborted wherever it
   * runs (best effort), and it is not delivered again once its handler ends. Harmless if unknown.
   */
  remove(queue: string, id: string): Promise<void>;
  consume(queue: string, handler: TaskHandler, options: ConsumeOptions): Promise<Consumer>;
  /** Hears of the progress of a queue's tasks until the function that it gives is called. */
  watchProgress(queue: string, listener: ProgressListener): Promise<() => Promise<void>>;
  counts(queue: string): Promise<QueueCounts>;
  /** Does not throw when the backend cannot be reached: says so. */
  health(): Promise<BackendHealth>;
  /** Closes its consumers without grace, then itself. Closing twice does no harm. */
  close(): Promise<void>;
}
