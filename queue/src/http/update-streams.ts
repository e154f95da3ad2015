/**
 * Jobs followed by server-sent events: every event is the job as it stands, so a slow reader misses
 * steps but never the end, and costs no memory.
 */
import type { ServerResponse } from 'node:http';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { httpError } from './http-errors.ts';
import type { HttpLimits } from './http-limits.ts';
import type { Identity } from './identity.ts';
import { jobView } from './job-view.ts';
import type { ProgressBoard } from './progress-board.ts';
import { type JobUpdate, UpdateStream } from './update-stream.ts';

/** What streams are fed from. */
export interface UpdateStreamsOptions {
  readonly pipeline: Pipeline;
  readonly progress: ProgressBoard;
  readonly limits: HttpLimits;
  /** Whether somebody may go on reading. */
  readonly isStillValid: (identity: Identity) => Promise<boolean>;
}

/** All streams of one service. */
export class UpdateStreams {
  readonly #options: UpdateStreamsOptions;
  readonly #byJob = new Map<string, Set<UpdateStream>>();
  readonly #countByKey = new Map<string, number>();
  readonly #stops: (() => void)[];
  #count = 0;

  constructor(options: UpdateStreamsOptions) {
    this.#options = options;
    const { pipeline, progress } = options;
    this.#stops = [
      pipeline.onTransition((job) => this.#tell(job.id, job)),
      progress.onProgress((jobId) => void this.#tellProgress(jobId)),
    ];
  }

  /** How many are open. */
  get open(): number {
    return this.#count;
  }

  /** @throws InputError QUEUE_HTTP_STREAMS when there are too many, of this key or of all */
  requireRoom({ name }: Identity): void {
    const { streams, streamsPerKey } = this.#options.limits;
    const ofKey = this.#countByKey.get(name) ?? 0;
    if (this.#count < streams && ofKey < streamsPerKey) return;
    throw httpError('QUEUE_HTTP_STREAMS', 'too many streams are open', {
      expected: `at most ${streamsPerKey} for a key`,
      hint: 'Close one, or ask for the job from time to time.',
    });
  }

  /** Begins a stream on an answer of which nothing was sent. */
  follow(job: JobRecord, identity: Identity, response: ServerResponse): void {
    const { limits, isStillValid } = this.#options;
    if (response.destroyed) return;
    const stream = new UpdateStream(response, limits.heartbeatMs, () => isStillValid(identity));
    this.#add(job.id, identity.name, stream);
    stream.send(this.#update(job));
    void this.#catchUp(job);
  }

  /** Ends all streams: their readers come back to another process. */
  close(): void {
    for (const stop of this.#stops) stop();
    for (const streams of this.#byJob.values()) for (const stream of streams) stream.end();
  }

  #add(jobId: string, keyName: string, stream: UpdateStream): void {
    const ofJob = this.#byJob.get(jobId) ?? new Set();
    this.#byJob.set(jobId, ofJob.add(stream));
    this.#countUp(keyName, 1);
    stream.onEnd(() => {
      this.#countUp(keyName, -1);
      ofJob.delete(stream);
      if (ofJob.size === 0 && this.#byJob.get(jobId) === ofJob) this.#byJob.delete(jobId);
    });
  }

  #countUp(keyName: string, by: number): void {
    this.#count += by;
    const ofKey = (this.#countByKey.get(keyName) ?? 0) + by;
    if (ofKey === 0) this.#countByKey.delete(keyName);
    else this.#countByKey.set(keyName, ofKey);
  }

  #tell(jobId: string, job: JobRecord): void {
    const streams = this.#byJob.get(jobId);
    if (streams === undefined) return;
    const update = this.#update(job);
    for (const stream of [...streams]) stream.send(update);
  }

  async #tellProgress(jobId: string): Promise<void> {
    if (!this.#byJob.has(jobId)) return;
    const job = await this.#read(jobId);
    if (job !== undefined) this.#tell(jobId, job);
  }

  /** Tells what changed between reading a job and listening. */
  async #catchUp(known: JobRecord): Promise<void> {
    const job = await this.#read(known.id);
    if (job !== undefined && updateNumber(job) > updateNumber(known)) this.#tell(job.id, job);
  }

  /** A store that fails is told of elsewhere; the next transition is told as ever. */
  #read(jobId: string): Promise<JobRecord | undefined> {
    return this.#options.pipeline.get(jobId).catch(() => undefined);
  }

  #update(job: JobRecord): JobUpdate {
    const view = jobView(job, this.#options.progress.of(job));
    return { number: updateNumber(job), view, isLast: job.outcome !== null };
  }
}

/**
 * The id of the event that tells a job as it stands. A browser that comes back with that of the end
 * has seen all; fences grow with every task, so a job that is retried ends under another.
 */
export function updateNumber({ fence, outcome }: JobRecord): number {
  return 2 * fence + (outcome === null ? 0 : 1);
}
