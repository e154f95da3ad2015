/** Which jobs somebody may see, and what of them. */
import { readInferenceRequest } from '../jobs/inference-request.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import type { EnvelopeHolders } from './envelope-holders.ts';
import { httpError, jobUnknownError } from './http-errors.ts';
import { type Identity, isOperator } from './identity.ts';

/**
 * A job that somebody may see: one's own, or one that serves a request on chain, where everybody
 * sees it; operators see all.
 * @throws InputError QUEUE_JOB_UNKNOWN for those of others as for those that are not there
 */
export async function visibleJob(
  pipeline: Pipeline,
  id: string,
  identity: Identity,
): Promise<JobRecord> {
  const job = await pipeline.get(id);
  if (job === undefined) throw jobUnknownError();
  const isOnChain = readInferenceRequest(job.request).chain !== null;
  if (isOnChain || owns(identity, job)) return job;
  throw jobUnknownError();
}

/**
 * The same for those who may cancel it.
 * @throws InputError QUEUE_JOB_UNKNOWN; QUEUE_HTTP_FORBIDDEN for jobs of requests on chain
 */
export async function cancellableJob(
  pipeline: Pipeline,
  id: string,
  identity: Identity,
): Promise<JobRecord> {
  const job = await visibleJob(pipeline, id, identity);
  if (owns(identity, job)) return job;
  throw httpError('QUEUE_HTTP_FORBIDDEN', 'this job serves a request on chain', {
    hint: 'The chain decides on it.',
  });
}

/**
 * The same for those who may see its output: it is theirs; or its input is public, words on chain
 * without a salt; or they gave the input to the service themselves.
 * @throws InputError QUEUE_JOB_UNKNOWN; QUEUE_HTTP_FORBIDDEN
 */
export async function openableJob(
  pipeline: Pipeline,
  holders: EnvelopeHolders,
  id: string,
  identity: Identity,
): Promise<JobRecord> {
  const job = await visibleJob(pipeline, id, identity);
  const { chain, input } = readInferenceRequest(job.request);
  if (owns(identity, job) || input.kind === 'words') return job;
  if (chain !== null && (await holders.has(chain.inputHash, identity.name))) return job;
  throw httpError('QUEUE_HTTP_FORBIDDEN', 'the output is for those who know the input', {
    hint: 'POST the envelope of the request to /v1/envelopes with this key, then ask again.',
  });
}

function owns(identity: Identity, job: JobRecord): boolean {
  return isOperator(identity) || readInferenceRequest(job.request).http?.client === identity.name;
}
