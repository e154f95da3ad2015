/** What a job gave, put together from the blobs of its stages. */
import { parseFieldElement, parseJson } from '@zkinfer/core';
import {
  type JobResult,
  type ModelDescription,
  readOutputWords,
  readSchema,
} from '@zkinfer/core/service';
import type { Static, TSchema } from 'typebox';
import type { BlobStore } from '../artifacts/blob-store.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import { findStageResult, OutputBlobSchema, ProofBlobSchema } from '../jobs/stage-results.ts';
import { httpError } from './http-errors.ts';

/**
 * The proof and the output in clear: secrets of whoever asked for the job.
 * @throws InputError QUEUE_RESULT_NOT_READY while the job may still give one, QUEUE_RESULT_NONE when
 *   it ended without; and as `BlobStore.get`
 */
export async function jobResult(
  job: JobRecord,
  model: ModelDescription,
  blobs: BlobStore,
): Promise<JobResult> {
  const infer = findStageResult(job.results, 'infer');
  const prove = findStageResult(job.results, 'prove');
  if (infer === undefined || prove === undefined) throw noResultError(job);
  const output = await readBlob(blobs, infer.output, OutputBlobSchema, 'an output');
  const proof = await readBlob(blobs, prove.proof, ProofBlobSchema, 'a proof');
  const words = output.outputWords.map((word, i) => parseFieldElement(word, `word ${i}`));
  return {
    jobId: job.id,
    modelDigest: model.modelDigest,
    proof: proof.proof,
    publicSignals: proof.publicSignals,
    outputs: readOutputWords(model, words),
    outputWords: output.outputWords,
    outputSalt: output.outputSalt,
    engine: prove.engine,
    backend: infer.backend,
    inferenceMs: infer.inferenceMs,
    witnessMs: prove.witnessMs,
    proofMs: prove.proofMs,
  };
}

async function readBlob<S extends TSchema>(
  blobs: BlobStore,
  sha256: string,
  schema: S,
  what: string,
): Promise<Static<S>> {
  const text = new TextDecoder().decode(await blobs.get(sha256));
  return readSchema(schema, parseJson(text, what), what);
}

function noResultError({ outcome, stage }: JobRecord) {
  if (outcome === null) {
    const hint = 'Ask again when the job is done, or follow its updates.';
    const details = { got: `a job at ${stage}`, hint };
    return httpError('QUEUE_RESULT_NOT_READY', 'the job is not done yet', details);
  }
  const got = `${outcome.kind} at ${stage}: ${outcome.code}`;
  return httpError('QUEUE_RESULT_NONE', 'the job ended without a result', { got });
}
