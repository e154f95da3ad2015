import { percentile } from '@zkinfer/queue';

/** How long things took, as people who wait for them see it. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** As the service counts its own. @throws RangeError without samples */
export function percentilesOf(samples: readonly number[]): Percentiles {
  if (samples.length === 0) throw new RangeError('percentilesOf: expected at least one sample');
  const ascending = [...samples].sort((a, b) => a - b);
  const at = (share: number) => percentile(ascending, share)!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
