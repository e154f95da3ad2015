/**
 * Which jobs a client submitted, newest first: an index beside the pipeline's own. An entry is
 * stored before its job, so none is missing; one whose job was never made, or is forgotten, is passed
 * over, and removed some time.
 */
import type { JobRecord, JobStatus } from '../jobs/job-record.ts';
import { statusOf } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { Store } from '../store/store.ts';

/** Which page. */
export interface ClientJobsPage {
  readonly status?: JobStatus | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** One page, and where the next one begins; null after the last. */
export interface JobPage {
  readonly jobs: readonly JobRecord[];
  readonly next: string | null;
}

const INDEX = 'client-jobs';
const TIME_DIGITS = 15;

/** An entry without a job that is older will not get one. */
const ORPHAN_MS = 60 * 60 * 1_000;

/** Entries that one page looks at, at most, in search of jobs of a status. */
const MOST_SEEN = 2_000;

/** What a cursor looks like: the rest of a key. */
export const CURSOR_PATTERN = '^[0-9]{15}-[a-z][a-z0-9-]{0,119}$';

/** The jobs of all clients. */
export class ClientJobs {
  readonly #store: Store;
  readonly #pipeline: Pipeline;

  constructor(store: Store, pipeline: Pipeline) {
    this.#store = store;
    this.#pipeline = pipeline;
  }

  /** Notes a job that is about to be submitted. @param at milliseconds since 1970 */
  async add(client: string, jobId: string, at: number): Promise<void> {
    const key = `${INDEX}/${client}/${String(at).padStart(TIME_DIGITS, '0')}-${jobId}`;
    await this.#store.commit([{ type: 'put', key, value: null }]);
  }

  async page(client: string, { status, limit, after }: ClientJobsPage): Promise<JobPage> {
    const prefix = `${INDEX}/${client}/`;
    const range = {
      reverse: true,
      limit: MOST_SEEN,
      ...(after === undefined ? {} : { after: prefix + after }),
    };
    const jobs: JobRecord[] = [];
    let seen = 0;
    for await (const { key } of this.#store.list(prefix, range)) {
      seen += 1;
      const cursor = key.slice(prefix.length);
      const job = await this.#pipeline.get(jobIdOf(cursor));
      if (job !== undefined && (status === undefined || statusOf(job) === status)) jobs.push(job);
      if (jobs.length === limit || seen === MOST_SEEN) return { jobs, next: cursor };
    }
    return { jobs, next: null };
  }

  /** Removes the entries of jobs that are not there; how many. @param now milliseconds since 1970 */
  async removeOrphans(now = Date.now()): Promise<number> {
    let removed = 0;
    for await (const { key } of this.#store.list(`${INDEX}/`)) {
      const cursor = key.slice(key.lastIndexOf('/') + 1);
      const isOld = Number(cursor.slice(0, TIME_DIGITS)) < now - ORPHAN_MS;
      if (!isOld || (await this.#pipeline.get(jobIdOf(cursor))) !== undefined) continue;
      await this.#store.commit([{ type: 'delete', key }]);
      removed += 1;
    }
    return removed;
  }
}

function jobIdOf(cursor: string): string {
  return cursor.slice(TIME_DIGITS + 1);
}
