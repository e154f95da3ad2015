/**
 * Work in a process of its own, so that this one keeps its event loop free for locks and
 * heartbeats, and so that what crashes or will not stop can be killed without it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EnvironmentError, type Logger } from '@zkinfer/core';
import type { StageProgress } from '@zkinfer/core/service';
import { decodeError, type FromChild, type ToChild } from './child-messages.ts';

/** What a child is. */
export interface SupervisedChildOptions {
  /** A module that calls `serveCalls`. */
  readonly script: URL;
  /** What it does, in logs and errors: `proving`. */
  readonly name: string;
  /** For `readChildSettings` in the child; no secrets: process lists show it. */
  readonly settings?: object;
  readonly logger: Logger;
  /** How long a call has to end after its signal before the child is killed, 1.5 s unless told. */
  readonly abortGraceMs?: number;
}

/** How a method is called. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: StageProgress) => void;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((progress: StageProgress) => void) | undefined;
}

/** Less than a stage's handler has after its signal (stage-worker.ts). */
const ABORT_GRACE_MS = 1_500;

const LONGEST_LOG_LINE = 2_000;

/** A child process that is started at its first call, and again at the first call after its death. */
export class SupervisedChild {
  readonly #options: SupervisedChildOptions;
  readonly #pending = new Map<number, PendingCall>();
  #process: ChildProcess | undefined;
  #lastCall = 0;
  #closed = false;

  constructor(options: SupervisedChildOptions) {
    this.#options = options;
  }

  /** Of the running process; undefined while there is none. */
  get processId(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Calls a method of the child.
   * @throws what the method threw; EnvironmentError QUEUE_CHILD_DIED, QUEUE_CHILD_CLOSED; the
   *   signal's reason when aborted, after the child has ended the call or was killed
   */
  async call<R>(method: string, input: unknown, options: CallOptions = {}): Promise<R> {
    const { signal, onProgress } = options;
    signal?.throwIfAborted();
    if (this.#closed) throw closedError(this.#options.name);
    const id = ++this.#lastCall;
    const result = new Promise<R>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as PendingCall['resolve'], reject, onProgress });
    });
    const stopWatching = this.#abortWith(signal, id);
    try {
      this.#send({ kind: 'call', id, method, input });
      return await result;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#pending.delete(id);
      stopWatching();
    }
  }

  /** Kills the process; calls that it has not answered reject. Closing twice does no harm. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#process;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Tells the child when the signal comes, kills it when that does not help. */
  #abortWith(signal: AbortSignal | undefined, id: number): () => void {
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#send({ kind: 'abort', id });
      timer = setTimeout(() => this.#kill(), this.#options.abortGraceMs ?? ABORT_GRACE_MS);
    };
    signal?.addEventListener('abort', abort, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  }

  #kill(): void {
    const { logger, name } = this.#options;
    logger.info({ child: name, pid: this.processId }, 'a child process did not stop and is killed');
    this.#process?.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    if (message.kind === 'call') this.#process ??= this.#start();
    // A child that dies meanwhile is heard of by `exit`.
    this.#process?.send(message, undefined, undefined, () => {});
  }

  #start(): ChildProcess {
    const { script, name, settings = {}, logger } = this.#options;
    const child = fork(fileURLToPath(script), [JSON.stringify(settings)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        logger.warn({ child: name, line: line.slice(0, LONGEST_LOG_LINE) }, 'a child process says');
      });
    }
    child.on('message', (message: FromChild) => this.#receive(message));
    let startError: Error | undefined;
    child.on('error', (error) => {
      startError = error;
      // One that could not be started does not exit.
      if (child.pid === undefined) this.#afterDeath(child, error.message);
    });
    child.on('exit', (code, signal) => {
      this.#afterDeath(child, startError?.message ?? signal ?? `exit code ${code}`);
    });
    logger.debug({ child: name, pid: child.pid }, 'a child process begins');
    return child;
  }

  #receive(message: FromChild): void {
    if (message.kind === 'log') {
      const { level, fields, message: text } = message;
      this.#options.logger[level]({ child: this.#options.name, ...fields }, text);
      return;
    }
    const call = this.#pending.get(message.id);
    if (message.kind === 'progress') call?.onProgress?.(message.progress);
    else if (message.kind === 'result') call?.resolve(message.value);
    else call?.reject(decodeError(message.error));
  }

  #afterDeath(child: ChildProcess, how: string): void {
    if (this.#process === child) this.#process = undefined;
    const { name, logger } = this.#options;
    const error = this.#closed ? closedError(name) : diedError(name, how);
    if (!this.#closed) logger.warn({ child: name, how }, 'a child process has died');
    for (const call of this.#pending.values()) call.reject(error);
    this.#pending.clear();
  }
}

function diedError(name: string, got: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_CHILD_DIED',
    what: `the ${name} process has died`,
    got,
    hint: 'Killed for want of memory? See the system’s log; a lower --memory or --concurrency helps.',
  });
}

function closedError(name: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_CHILD_CLOSED',
    what: `the ${name} process was closed`,
  });
}
