/** Forgets jobs, and blobs that none of those left refers to, when their time is over. */
import type { DirectoryBlobStore } from '../artifacts/directory-blob-store.ts';
import type { EnvelopeShelf } from '../inputs/envelope-shelf.ts';
import { readInferenceRequest } from '../jobs/inference-request.ts';
import { JOB_STATUSES, type JobRecord, type JobStatus } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { ServiceConfig } from './service-config.ts';

/** What is pruned. */
export interface PruneJobsOptions {
  readonly pipeline: Pipeline;
  readonly blobs: Pick<DirectoryBlobStore, 'prune'>;
  readonly retention: ServiceConfig['retention'];
  /** Told how many jobs of a status were forgotten. */
  readonly forgotten: (status: JobStatus, count: number) => void;
  /** Envelopes that wait for their request on chain. */
  readonly shelf: Pick<EnvelopeShelf, 'blobs'>;
}

const DAY_MS = 86_400_000;

/** What someone may want to look at, and to retry. */
const TO_LOOK_AT: readonly JobStatus[] = ['failed', 'parked'];

/** Blobs younger than this may belong to a job that is being submitted. */
const YOUNG_BLOB_MS = 3_600_000;

/**
 * One round, now.
 * @throws the store's errors; EnvironmentError QUEUE_ARTIFACTS_UNAVAILABLE
 */
export async function pruneJobs(options: PruneJobsOptions, now = Date.now()): Promise<void> {
  const { pipeline, blobs, retention, forgotten } = options;
  for (const status of JOB_STATUSES) {
    if (status === 'active') continue;
    const days = TO_LOOK_AT.includes(status) ? retention.failedDays : retention.doneDays;
    const count = await pipeline.prune(status, now - days * DAY_MS);
    if (count > 0) forgotten(status, count);
  }
  const keep = new Set<string>();
  for await (const digest of options.shelf.blobs()) keep.add(digest);
  // The active ones once more: a job that is taken up meanwhile may be in no list before.
  for (const status of [...JOB_STATUSES, 'active'] as const) {
    for await (const job of pipeline.list({ status })) {
      for (const digest of blobsOf(job)) keep.add(digest);
    }
  }
  await blobs.prune({ olderThanMs: YOUNG_BLOB_MS, keep });
}

/** The digests in a job's request and results. */
function blobsOf({ request, results }: JobRecord): string[] {
  const { input } = readInferenceRequest(request);
  const named = [results.fetch?.envelope, results.infer?.output, results.prove?.proof];
  return [
    ...(input.kind === 'blob' ? [input.sha256] : []),
    ...named.filter((digest) => typeof digest === 'string'),
  ];
}
