/** Something that is done again and again: at its interval while it works, ever later while it fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, ZkinferError } from '@zkinfer/core';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';
import { type RetryPolicy, retryDelayMs } from '../jobs/stages.ts';

/** How a loop runs. */
export interface PollLoopOptions {
  /** Between rounds that succeed. */
  readonly intervalMs: number;
  /** Told of each failure; the loop goes on. */
  readonly logger: Logger;
  /** What is said of failures. */
  readonly failed: string;
}

/** How much later it is tried while it fails, at most. */
const LONGEST_DELAY_IN_INTERVALS = 16;
const JITTER = 0.3;

/** Runs until `stop`; rounds never overlap. */
export class PollLoop {
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;

  constructor(round: () => Promise<unknown>, options: PollLoopOptions) {
    this.#ended = this.#run(round, options);
  }

  /** Waits for the round that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(round: () => Promise<unknown>, options: PollLoopOptions): Promise<void> {
    const { intervalMs, logger, failed } = options;
    const backoff: RetryPolicy = {
      attempts: Number.POSITIVE_INFINITY,
      firstDelayMs: intervalMs,
      longestDelayMs: LONGEST_DELAY_IN_INTERVALS * intervalMs,
      jitter: JITTER,
    };
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await round();
        failures = 0;
      } catch (error) {
        failures += 1;
        logger.warn({ ...said(error), failures }, failed);
      }
      const delayMs = failures === 0 ? intervalMs : retryDelayMs(backoff, failures, Math.random());
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** Without causes: what ethers throws quotes the endpoint's URL, which may hold a key. */
function said(error: unknown): { code: string; reason: string } {
  if (error instanceof ZkinferError) return { code: error.code, reason: error.message };
  return { code: UNEXPECTED_ERROR, reason: error instanceof Error ? error.name : typeof error };
}
