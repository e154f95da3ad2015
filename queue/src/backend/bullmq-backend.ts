/**
 * The backend of production: BullMQ over Redis, with consumers in any number of processes on any
 * number of machines.
 *
 * Of BullMQ it uses what it is best at: durable priority queues with delays, locks that are renewed
 * while a task runs, and recovery of tasks whose worker died. Not its flows (duplicated children
 * and stuck parents with own ids: #1099, #1793, #2554), nor its events for anything but display
 * (the stream is trimmed).
 */
import { EnvironmentError, type Logger, SILENT_LOGGER, ZkinferError } from '@zkinfer/core';
import { type JobState, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { JsonObject } from '../json-value.ts';
import { BullmqConsumer, GOODBYE_MS } from './bullmq-consumer.ts';
import { endsWithin } from './ends-within.ts';
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
import { connectRedis, readRedisFacts, requireFitRedis, unwiseSettings } from './redis-client.ts';
import { backendClosedError, requireQueueName, requireTask } from './task-rules.ts';

/** How the backend is opened. */
export interface BullmqOptions {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  /**
   * Before all keys. In braces, so that a cluster keeps them in one slot (CROSSSLOT errors else:
   * #906).
   */
  readonly prefix?: string;
  /**
   * How long a consumer that died keeps its tasks, 30 s unless told: locks are renewed at half that
   * time. Longer does not help a consumer that blocks its event loop: work belongs into child
   * processes or threads (#3078, #1497, #3183).
   */
  readonly lockMs?: number;
  readonly logger?: Logger;
}

const DEFAULT_PREFIX = '{zkinfer}';
const DEFAULT_LOCK_MS = 30_000;

/** Tasks in one round trip. */
const CHUNK = 500;

/**
 * A handler that throws is a failure of reporting, not of the work: it is tried for as long as it
 * takes. BullMQ wants a number.
 */
const ENDLESS_ATTEMPTS = 2 ** 31 - 1;

const STATES: Readonly<Record<JobState | 'unknown', TaskState>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  delayed: 'waiting',
  'waiting-children': 'waiting',
  active: 'running',
  completed: 'finished',
  failed: 'finished',
  unknown: 'unknown',
};

/** `JobBackend` over BullMQ. */
export class BullmqBackend implements JobBackend {
  readonly name = 'bullmq';
  readonly #options: Required<BullmqOptions>;
  readonly #producer: Redis;
  readonly #queues = new Map<string, Queue>();
  readonly #consumers = new Set<BullmqConsumer>();
  readonly #watchers = new Set<() => Promise<void>>();
  /** For workers, and for hearing of removed tasks: connected when the first queue is consumed. */
  #consuming: Promise<{ commands: Redis; subscriber: Redis }> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: Required<BullmqOptions>, producer: Redis) {
    this.#options = options;
    this.#producer = producer;
  }

  /**
   * @throws EnvironmentError QUEUE_REDIS_UNREACHABLE, QUEUE_REDIS_VERSION, QUEUE_REDIS_EVICTION
   */
  static async open(options: BullmqOptions): Promise<BullmqBackend> {
    const producer = await connectRedis(options.url, 'producer');
    try {
      requireFitRedis(await readRedisFacts(producer));
    } catch (error) {
      producer.disconnect();
      throw error;
    }
    const { prefix = DEFAULT_PREFIX, lockMs = DEFAULT_LOCK_MS, logger = SILENT_LOGGER } = options;
    return new BullmqBackend({ url: options.url, prefix, lockMs, logger }, producer);
  }

  async enqueue(queue: string, tasks: readonly Task[]): Promise<void> {
    requireQueueName(queue);
    for (const task of tasks) requireTask(task);
    const jobs = tasks.map(({ id, data, priority, delayMs = 0 }) => ({
      name: queue,
      data,
      opts: { jobId: id, priority, delay: Math.ceil(delayMs) },
    }));
    await this.#attempt(async () => {
      for (let i = 0; i < jobs.length; i += CHUNK) {
        await this.#queue(queue).addBulk(jobs.slice(i, i + CHUNK));
      }
    });
  }

  async states(queue: string, ids: readonly string[]): Promise<readonly TaskState[]> {
    return this.#attempt(async () => {
      const states: TaskState[] = [];
      for (let i = 0; i < ids.length; i += CHUNK) {
        const chunk = ids.slice(i, i + CHUNK);
        const found = await Promise.all(chunk.map((id) => this.#queue(queue).getJobState(id)));
        states.push(...found.map((state) => STATES[state]));
      }
      return states;
    });
  }

  async remove(queue: string, id: string): Promise<void> {
    await this.#attempt(async () => {
      // BullMQ refuses to remove a job that is locked, and cancels within one worker alone.
      const removed = await this.#queue(queue).remove(id);
      if (removed === 0) await this.#producer.publish(this.#channel, JSON.stringify([queue, id]));
    });
  }

  async consume(
    queue: string,
    handler: TaskHandler,
    { concurrency }: ConsumeOptions,
  ): Promise<Consumer> {
    requireQueueName(queue);
    return this.#attempt(async () => {
      this.#consuming ??= this.#connectConsumers();
      const { commands } = await this.#consuming;
      const { prefix, lockMs, logger } = this.#options;
      const settings = { queue, prefix, lockMs, logger, concurrency, connection: commands };
      const consumer = new BullmqConsumer(settings, handler);
      await consumer.ready();
      this.#consumers.add(consumer);
      return {
        close: async (options) => {
          await consumer.close(options);
          this.#consumers.delete(consumer);
        },
      };
    });
  }

  async watchProgress(queue: string, listener: ProgressListener): Promise<() => Promise<void>> {
    requireQueueName(queue);
    return this.#attempt(async () => {
      const connection = await connectRedis(this.#options.url, 'consumer');
      const events = new QueueEvents(queue, { connection, prefix: this.#options.prefix });
      events.on('error', (err) => this.#options.logger.warn({ err, queue }, 'progress is lost'));
      events.on('progress', ({ jobId, data }) => listener(jobId, data as JsonObject));
      await events.waitUntilReady();
      const stop = async () => {
        this.#watchers.delete(stop);
        await endsWithin(GOODBYE_MS, events.close());
        connection.disconnect();
      };
      this.#watchers.add(stop);
      return stop;
    });
  }

  async counts(queue: string): Promise<QueueCounts> {
    return this.#attempt(async () => {
      const counts = await this.#queue(queue).getJobCounts(
        'waiting',
        'prioritized',
        'delayed',
        'active',
      );
      const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
      return { waiting: waiting + prioritized, delayed, running: active };
    });
  }

  async health(): Promise<BackendHealth> {
    try {
      const facts = await this.#attempt(() => readRedisFacts(this.#producer));
      requireFitRedis(facts);
      const cutOff = [...this.#consumers].filter((consumer) => !consumer.isConnected());
      const problems = cutOff.map(({ queue }) => `the consumer of ${queue} is not connected`);
      return {
        backend: this.name,
        ok: problems.length === 0,
        problems: [...problems, ...unwiseSettings(facts)],
      };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { backend: this.name, ok: false, problems: [problem] };
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close({})));
    const closing = [
      ...[...this.#watchers].map((stop) => stop()),
      ...[...this.#queues.values()].map((queue) => queue.close()),
    ];
    await Promise.all(closing.map((closed) => endsWithin(GOODBYE_MS, closed)));
    const consuming = await this.#consuming?.catch(() => undefined);
    // Not `quit`: it would wait for a Redis that may be gone.
    for (const client of [consuming?.commands, consuming?.subscriber, this.#producer]) {
      client?.disconnect();
    }
  }

  async #connectConsumers(): Promise<{ commands: Redis; subscriber: Redis }> {
    const commands = await connectRedis(this.#options.url, 'consumer');
    const subscriber = await connectRedis(this.#options.url, 'consumer');
    await subscriber.subscribe(this.#channel);
    subscriber.on('message', (_channel, message) => {
      const [queue, id] = JSON.parse(message) as [string, string];
      for (const consumer of this.#consumers) if (consumer.queue === queue) consumer.abort(id);
    });
    return { commands, subscriber };
  }

  #queue(name: string): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue(name, {
      connection: this.#producer,
      prefix: this.#options.prefix,
      defaultJobOptions: {
        attempts: ENDLESS_ATTEMPTS,
        backoff: { type: 'custom' },
        // Finished jobs would stay for ever. Some are kept for `states` and for dashboards.
        removeOnComplete: { age: 3_600, count: 10_000 },
        removeOnFail: { age: 7 * 86_400, count: 10_000 },
        stackTraceLimit: 1,
      },
    });
    queue.on('error', (err) => this.#options.logger.warn({ err, queue: name }, 'Redis fails'));
    this.#queues.set(name, queue);
    return queue;
  }

  get #channel(): string {
    return `${this.#options.prefix}:removed`;
  }

  async #attempt<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw backendClosedError();
    try {
      return await action();
    } catch (cause) {
      if (cause instanceof ZkinferError) throw cause;
      throw new EnvironmentError({
        code: 'QUEUE_BACKEND_UNAVAILABLE',
        what: 'Redis does not do what it was asked',
        got: cause instanceof Error ? cause.message : String(cause),
        hint: 'Check that Redis runs and can be reached; the work goes on when it is back.',
        cause,
      });
    }
  }
}
