/** A service that starts with its machine, or with its nodes, waits for these a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, type Logger } from '@zkinfer/core';
import { type RetryPolicy, retryDelayMs } from '../jobs/stages.ts';

/** How long nodes are waited for. */
export interface NodePatience {
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

/**
 * Takes a step that asks nodes something, again and again while it fails for them alone.
 * @throws what the step throws: at once if nodes are not to blame, else when patience is at an end
 */
export async function waitForNodes<T>(
  step: () => Promise<T>,
  { patienceMs, signal, logger }: NodePatience,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let failures = 1; ; failures++) {
    try {
      return await step();
    } catch (error) {
      if (!isNodeFailure(error) || signal.aborted) throw error;
      const delayMs = retryDelayMs(BACKOFF, failures, Math.random());
      if (performance.now() + delayMs > end) throw error;
      logger.warn({ code: error.code, failures }, 'waiting for a node');
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** Whether another try may succeed where the configuration is right. */
export function isNodeFailure(error: unknown): error is EnvironmentError {
  return error instanceof EnvironmentError && error.code.startsWith('CONTRACTS_RPC_');
}
