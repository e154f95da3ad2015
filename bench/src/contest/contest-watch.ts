import type { Progress } from '@zkinfer/core';

/** Whom long work tells how far it is, and who may end it early. */
export interface ContestWatch {
  readonly progress: Progress;
  /** Aborted: all processes are ended at once, and whoever waits for them gets an error. */
  readonly signal: AbortSignal;
}
