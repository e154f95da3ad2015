import { EnvironmentError } from '@zkinfer/core';

/** What ends a call early: it then throws the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** How long something may take, and what else ends it. */
export interface WaitOptions extends CallOptions {
  readonly timeoutMs?: number;
}

/**
 * Runs something that heeds a signal, for so long at most.
 * @param what names it in the error
 * @param hint what to do when it took too long
 * @throws EnvironmentError CLIENT_TIMEOUT; the reason of `signal` once it is aborted
 */
export async function withinTime<T>(
  { timeoutMs, signal }: WaitOptions,
  { what, hint }: { readonly what: string; readonly hint: string },
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const time = new AbortController();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => time.abort(timedOut(what, timeoutMs, hint)), timeoutMs);
  const both = signal === undefined ? time.signal : AbortSignal.any([time.signal, signal]);
  try {
    both.throwIfAborted();
    return await action(both);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(what: string, timeoutMs: number, hint: string): EnvironmentError {
  return new EnvironmentError({
    code: 'CLIENT_TIMEOUT',
    what,
    expected: `within ${timeoutMs} ms`,
    hint,
  });
}
