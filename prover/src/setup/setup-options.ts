import type { Progress } from '@zkinfer/core';

/** How a setup runs. */
export interface SetupOptions {
  /** Default: as many as the machine runs in parallel, at most 8. */
  readonly threads?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}
