/** What the tiles say: sums over an overview. */
import type { Minute, Overview } from '@zkinfer/core/service';

/** The figures of an overview; amounts are wei as decimal digits. */
export interface HourFigures {
  /** Tasks that no worker has, delayed ones included. */
  readonly waiting: number;
  readonly running: number;
  /** Jobs that ended in the last hour. */
  readonly done: number;
  readonly failed: number;
  readonly gasUsed: bigint;
  readonly spent: string;
  readonly earned: string;
  /** The last minute in which jobs ended; undefined without any. */
  readonly latest:
    | { readonly at: number; readonly p50Ms: number; readonly p95Ms: number }
    | undefined;
}

export function hourFigures({
  queues,
  minutes,
}: Pick<Overview, 'queues' | 'minutes'>): HourFigures {
  return {
    waiting: sum(queues.map((queue) => queue.waiting + queue.delayed)),
    running: sum(queues.map((queue) => queue.running)),
    done: sum(minutes.map((minute) => minute.done)),
    failed: sum(minutes.map((minute) => minute.failed)),
    gasUsed: total(minutes, 'gasUsed'),
    spent: total(minutes, 'spent').toString(),
    earned: total(minutes, 'earned').toString(),
    latest: latestLatency(minutes),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function total(minutes: readonly Minute[], key: 'gasUsed' | 'spent' | 'earned'): bigint {
  return minutes.reduce((all, minute) => all + BigInt(minute[key]), 0n);
}

function latestLatency(minutes: readonly Minute[]): HourFigures['latest'] {
  const minute = minutes.findLast(({ p50Ms, p95Ms }) => p50Ms !== null && p95Ms !== null);
  return minute && { at: minute.at, p50Ms: minute.p50Ms!, p95Ms: minute.p95Ms! };
}
