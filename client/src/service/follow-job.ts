/** A job's views as they change: from a stream of events, or by asking where there is none. */
import { EnvironmentError } from '@zkinfer/core';
import { type JobView, JobViewSchema, readSchema } from '@zkinfer/core/service';
import { sleep } from '../job/sleep.ts';
import { eventData } from './event-data.ts';
import { unusableAnswer } from './service-refusal.ts';

/** Where views come from. */
export interface ViewSource {
  view(signal: AbortSignal): Promise<JobView>;
  stream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** How patient to be. */
export interface FollowTimes {
  /** Before a lost stream is taken up again. */
  readonly reconnectMs: number;
  /** Between questions, where there is no stream. */
  readonly pollMs: number;
  /** A stream that is quiet for so long is lost. */
  readonly idleMs: number;
  /** Without a view for so long, following ends with the error. */
  readonly patienceMs: number;
}

/** What services and networks commonly bear. */
export const FOLLOW_TIMES: FollowTimes = {
  reconnectMs: 500,
  pollMs: 2_000,
  idleMs: 45_000,
  patienceMs: 60_000,
};

/** Streams that fail so often in a row, without a view, are not tried again. */
const MOST_LOST_STREAMS = 3;

/**
 * The job's view now, and each that differs from the one before; the last is of a job that has
 * ended.
 * @throws as the source, once it has failed for `patienceMs`; the signal's reason
 */
export async function* followJob(
  source: ViewSource,
  signal: AbortSignal,
  times: FollowTimes = FOLLOW_TIMES,
): AsyncGenerator<JobView> {
  let lostStreams = 0;
  let lastContact = Date.now();
  let last: JobView | undefined;
  for (;;) {
    const isStreaming = lostStreams < MOST_LOST_STREAMS;
    try {
      for await (const view of isStreaming
        ? streamed(source, signal, times)
        : asked(source, signal)) {
        lastContact = Date.now();
        lostStreams = isStreaming ? 0 : lostStreams;
        if (!isNews(view, last)) continue;
        last = view;
        yield view;
        if (view.status !== 'active') return;
      }
    } catch (error) {
      signal.throwIfAborted();
      const isLasting = !isStreaming && !(error instanceof EnvironmentError);
      if (isLasting || Date.now() - lastContact > times.patienceMs) throw error;
    }
    if (isStreaming) lostStreams++;
    await sleep(isStreaming ? times.reconnectMs : times.pollMs, signal);
  }
}

async function* asked(source: ViewSource, signal: AbortSignal): AsyncGenerator<JobView> {
  yield await source.view(signal);
}

async function* streamed(
  source: ViewSource,
  signal: AbortSignal,
  { idleMs }: FollowTimes,
): AsyncGenerator<JobView> {
  for await (const data of eventData(await source.stream(signal), idleMs)) yield readView(data);
}

function readView(data: string): JobView {
  try {
    return readSchema(JobViewSchema, JSON.parse(data), 'a job');
  } catch (cause) {
    throw unusableAnswer('an event that is no job', cause);
  }
}

/** Events of a connection before may come late: nothing goes back. */
function isNews(view: JobView, last: JobView | undefined): boolean {
  if (last === undefined) return true;
  return view.updatedAt >= last.updatedAt && JSON.stringify(view) !== JSON.stringify(last);
}
