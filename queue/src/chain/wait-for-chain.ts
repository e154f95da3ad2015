/**
 * Waits out what is nobody's mistake: nodes that start with the service, or are away for a moment; a
 * lease that the service's last process held. Without it, a moment would count as a whole try.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, type Logger } from '@zkinfer/core';
import { type RetryPolicy, retryDelayMs } from '../jobs/stages.ts';
import { isNodeFailure } from './is-node-failure.ts';

/** How long is waited. */
export interface ChainPatience {
  /** From the first failure on. */
  readonly patienceMs: number;
  /** Ends the waiting; what failed last is thrown then. */
  readonly signal: AbortSignal;
  /** Told of each failure. */
  readonly logger: Logger;
}

const BACKOFF: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 200,
  longestDelayMs: 5_000,
  jitter: 0.3,
};

const PASSING_CODES = ['QUEUE_LEASE_LOST', 'QUEUE_LEASE_TAKEN', 'QUEUE_NONCES_REOPENED'];

/**
 * Takes a step again and again while it fails for such reasons alone. It must be idempotent.
 * @throws what the step throws: at once for other reasons, else when patience is at an end
 */
export async function waitForChain<T>(
  step: () => Promise<T>,
  { patienceMs, signal, logger }: ChainPatience,
): Promise<T> {
  let end: number | undefined;
  for (let failures = 1; ; failures++) {
    try {
      return await step();
    } catch (error) {
      if (!isChainTrouble(error) || signal.aborted) throw error;
      const delayMs = retryDelayMs(BACKOFF, failures, Math.random());
      end ??= performance.now() + patienceMs;
      if (performance.now() + delayMs > end) throw error;
      logger.warn({ code: error.code, failures }, 'waiting for the chain');
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** Whether the same may succeed in a moment. */
function isChainTrouble(error: unknown): error is EnvironmentError {
  if (isNodeFailure(error)) return true;
  return error instanceof EnvironmentError && PASSING_CODES.includes(error.code);
}
