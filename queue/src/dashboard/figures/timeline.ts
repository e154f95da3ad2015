/**
 * A job's timeline: for each stage of its route, when its tries were waiting or at work, as
 * shares of the time from its beginning to its end, or to now.
 */
import type { JobView } from '@zkinfer/core/service';

type Stage = JobView['stage'];
type JobEvent = JobView['events'][number];

/** One try of a stage. `from` and `to` are in [0, 1], from ≤ to. */
export interface TimelineBar {
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
  /** How the try ended, such as `completed`; `open` while it has not. */
  readonly end: string;
  readonly code: string | null;
}

/** One stage, with its tries in order. Without tries it has not been reached. */
export interface TimelineRow {
  readonly stage: Stage;
  readonly bars: readonly TimelineBar[];
  /** From the beginning of its first try to the end of its last. */
  readonly durationMs: number;
}

/** A timeline, drawn from `startedAt` over `durationMs`. */
export interface Timeline {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly rows: readonly TimelineRow[];
}

/** A try, in milliseconds since 1970. */
interface Try {
  readonly stage: Stage;
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
  readonly end: string;
  readonly code: string | null;
}

/**
 * @param now of the service's clock: where the tries that have not ended end for now. Events may
 * be out of order by the differences of clocks, and the earliest may be missing.
 */
export function timelineOf(job: JobView, now: number): Timeline {
  const until = job.status === 'active' ? Math.max(now, job.updatedAt) : job.updatedAt;
  const tries = triesOf(job.events, job.createdAt, until);
  const startedAt = Math.min(job.createdAt, ...tries.map(({ from }) => from));
  const end = Math.max(until, ...tries.map(({ to }) => to));
  const durationMs = Math.max(1, end - startedAt);
  const rows = job.route.map((stage) => {
    const own = tries.filter((one) => one.stage === stage);
    const bars = own.map((one) => ({
      attempt: one.attempt,
      from: (one.from - startedAt) / durationMs,
      to: (one.to - startedAt) / durationMs,
      durationMs: one.to - one.from,
      end: one.end,
      code: one.code,
    }));
    const spanMs = own.length === 0 ? 0 : own.at(-1)!.to - own[0]!.from;
    return { stage, bars, durationMs: Math.max(0, spanMs) };
  });
  return { startedAt, durationMs, rows };
}

/** When the next try begins, where a job waits for it; undefined where it does not. */
export function nextTryAt({ status, events }: JobView, now: number): number | undefined {
  const last = events.at(-1);
  return status === 'active' && last?.what === 'begun' && last.at > now ? last.at : undefined;
}

/** Each `begun` with the event that ended it: the next of the same stage and attempt. */
function triesOf(events: readonly JobEvent[], createdAt: number, until: number): Try[] {
  const tries: Try[] = [];
  let open: JobEvent | undefined;
  let before = createdAt;
  const close = (to: number, end: string, code: string | null): void => {
    if (open === undefined) return;
    const { stage, attempt, at } = open;
    // A try that waits begins later; one that is cancelled while it waits never began.
    tries.push({ stage, attempt, from: Math.min(at, to), to, end, code });
    open = undefined;
  };
  for (const event of events) {
    if (event.what === 'begun') {
      close(event.at, 'given up', null);
      open = event;
    } else {
      // The beginning of a long history is cut off: it begins where the event before it stood.
      if (!isSame(open, event) && !isEndOf(tries.at(-1), event)) open = { ...event, at: before };
      close(event.at, event.what, event.code);
    }
    before = event.at;
  }
  close(until, 'open', null);
  return tries;
}

function isSame(open: JobEvent | undefined, event: JobEvent): boolean {
  return open?.stage === event.stage && open.attempt === event.attempt;
}

/** A last stage that is completed ends the job, too: two events, one end. */
function isEndOf(last: Try | undefined, event: JobEvent): boolean {
  return last?.stage === event.stage && last.attempt === event.attempt;
}
