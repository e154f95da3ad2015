/** All jobs, newest first, page by page, for operators. */
import { JOB_STATUSES, type JobRecord, type JobStatus } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { JobPage } from './client-jobs.ts';
import { jobUnknownError } from './http-errors.ts';

/** Which page. */
export interface AllJobsPage {
  readonly status?: JobStatus | undefined;
  readonly limit: number;
  /** The `next` of the page before: the id of its last job. */
  readonly after?: string | undefined;
}

/**
 * One page of the jobs of one status, or of all.
 * @throws InputError QUEUE_JOB_UNKNOWN when the job that it should begin after is forgotten
 */
export async function pageOfAllJobs(
  pipeline: Pipeline,
  { status, limit, after }: AllJobsPage,
): Promise<JobPage> {
  const last = after === undefined ? undefined : await pipeline.get(after);
  if (after !== undefined && last === undefined) throw jobUnknownError();
  const statuses = status === undefined ? JOB_STATUSES : [status];
  const found: JobRecord[] = [];
  for (const one of statuses) {
    const start = last === undefined ? {} : { after: last };
    const listed = pipeline.list({ status: one, limit, newestFirst: true, ...start });
    for await (const job of listed) found.push(job);
  }
  const jobs = found.sort(newestFirst).slice(0, limit);
  return { jobs, next: jobs.length === limit ? jobs.at(-1)!.id : null };
}

/** The order of the pipeline's own lists. */
function newestFirst(a: JobRecord, b: JobRecord): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.id < b.id ? 1 : -1;
}
