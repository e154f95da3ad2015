/** A job as the service tells it. */
import type { JobOnChain, JobView, StageProgress } from '@zkinfer/core/service';
import { type InferenceRequest, readInferenceRequest } from '../jobs/inference-request.ts';
import { type JobRecord, statusOf } from '../jobs/job-record.ts';
import { findStageResult } from '../jobs/stage-results.ts';

/**
 * What may be told of a job to whoever may see it: no inputs, no outputs, nothing that opens them.
 * @param progress of its current stage, where known
 * @throws InputError CORE_SCHEMA for a job that is no inference
 */
export function jobView(job: JobRecord, progress: StageProgress | null = null): JobView {
  const request = readInferenceRequest(job.request);
  const { results, outcome } = job;
  const inputHash = findStageResult(results, 'fetch')?.inputHash ?? request.chain?.inputHash;
  return {
    id: job.id,
    modelDigest: request.modelDigest,
    status: statusOf(job),
    stage: job.stage,
    route: [...job.route],
    attempt: job.attempt,
    progress: outcome === null ? progress : null,
    createdAt: job.createdAt,
    updatedAt: job.updatedAt,
    deadline: job.deadlineMs,
    inputHash: inputHash ?? null,
    outputHash: findStageResult(results, 'infer')?.outputHash ?? null,
    hasProof: results.prove !== undefined,
    outcomeCode: outcome?.code ?? null,
    events: job.events.map((event) => ({ ...event })),
    chain: onChain(request.chain, results),
  };
}

function onChain(
  chain: InferenceRequest['chain'],
  results: JobRecord['results'],
): JobOnChain | null {
  if (chain === null) return null;
  const { chainId, coprocessor, requestId, payee } = chain;
  const confirmed = findStageResult(results, 'confirm');
  const calledBack = findStageResult(results, 'callback');
  return {
    chainId,
    coprocessor,
    requestId,
    payee,
    transactionHash: confirmed?.transactionHash ?? null,
    blockNumber: confirmed?.blockNumber ?? null,
    gasUsed: confirmed?.gasUsed ?? null,
    callbackSucceeded: calledBack?.succeeded ?? confirmed?.callbackSucceeded ?? null,
  };
}
