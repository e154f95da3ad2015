/**
 * What the service believes of the workers that report through the backend: nothing that it has not
 * looked at. Whoever has the backend's password may be wrong, or lie; a proof may not.
 */
import {
  COMMITMENT_KIND,
  commitTensors,
  InputError,
  IntegrityError,
  parseFieldElement,
  parseJson,
  type ZkinferError,
} from '@zkinfer/core';
import { type ModelDescription, outputLayouts, readSchema } from '@zkinfer/core/service';
import { verifyProof } from '@zkinfer/prover';
import type { Static, TSchema } from 'typebox';
import type { BlobStore } from '../artifacts/blob-store.ts';
import { unknownModel } from '../artifacts/model-files.ts';
import { readInferenceRequest } from '../jobs/inference-request.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { ReportExaminer } from '../jobs/reports.ts';
import { OutputBlobSchema, ProofBlobSchema, requireStageResult } from '../jobs/stage-results.ts';
import { LARGEST_RESULT_BYTES, type StageReport } from '../jobs/stage-task.ts';

/** What reports are compared with. */
export interface ExamineReportOptions {
  readonly blobs: BlobStore;
  readonly models: { get(modelDigest: string): Promise<ModelDescription | undefined> };
}

type Completed = Extract<StageReport, { readonly kind: 'completed' }>;
type Model = Pick<ModelDescription, 'modelDigest' | 'outputs' | 'verificationKey'>;

/** The stages that workers do; the others are the service's own. */
const WORKERS_STAGES: readonly string[] = ['infer', 'prove'];

/**
 * An examiner of reports on inferences. It lets outputs pass that open their hash, and proofs that
 * hold, of exactly the input, output and binder of their job; what is untrue is an error of the
 * worker, and the stage is tried again.
 */
export function reportExaminer(options: ExamineReportOptions): ReportExaminer {
  return async (report, job) => {
    if (!WORKERS_STAGES.includes(job.stage)) return undefined;
    if (report.kind !== 'completed') return report;
    try {
      await requireTrue(report, job, options);
      return { ...report, finishes: false };
    } catch (error) {
      const isUntrue = error instanceof InputError || error instanceof IntegrityError;
      if (!isUntrue) throw error;
      return errorReport(report, error);
    }
  };
}

function errorReport({ jobId, fence }: Completed, { code }: ZkinferError): StageReport {
  return { jobId, fence, kind: 'error', error: { code, class: 'retryable' } };
}

async function requireTrue(
  { result }: Completed,
  job: JobRecord,
  { blobs, models }: ExamineReportOptions,
): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(result)) > LARGEST_RESULT_BYTES)
    throw untrue('a result of its size');
  const { modelDigest } = readInferenceRequest(job.request);
  const model = await models.get(modelDigest);
  if (model === undefined) throw unknownModel(modelDigest);
  const after = { ...job, results: { ...job.results, [job.stage]: result } };
  if (job.stage === 'infer') await requireOutput(after, model, blobs);
  else await requireProof(after, model, blobs);
}

async function requireOutput(
  { results }: Pick<JobRecord, 'results'>,
  model: Model,
  blobs: BlobStore,
): Promise<void> {
  const { output, outputHash } = requireStageResult(results, 'infer');
  const blob = await readBlob(blobs, output, OutputBlobSchema, 'an output');
  const words = blob.outputWords.map((word, i) => parseFieldElement(word, `word ${i}`));
  const salt = parseFieldElement(blob.outputSalt, 'the output salt');
  const opened = commitTensors(COMMITMENT_KIND.output, outputLayouts(model), words, salt);
  const isOfModel = blob.modelDigest === model.modelDigest;
  if (!isOfModel || `${opened}` !== outputHash) throw untrue('an output that opens its hash');
}

async function requireProof(job: JobRecord, model: Model, blobs: BlobStore): Promise<void> {
  const { inputHash } = requireStageResult(job.results, 'fetch');
  const { outputHash } = requireStageResult(job.results, 'infer');
  const { proof: digest } = requireStageResult(job.results, 'prove');
  const { binder } = readInferenceRequest(job.request);
  const { proof, publicSignals } = await readBlob(blobs, digest, ProofBlobSchema, 'a proof');
  const statement = [outputHash, inputHash, binder];
  const isOfJob = JSON.stringify(publicSignals) === JSON.stringify(statement);
  if (!isOfJob) throw untrue('a proof of the job’s own statement');
  const { valid } = verifyProof(model.verificationKey, publicSignals, proof);
  if (!valid) throw untrue('a proof that holds');
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

function untrue(expected: string): IntegrityError {
  return new IntegrityError({
    code: 'QUEUE_REPORT_UNTRUE',
    what: 'a worker reported what is not so',
    expected,
    hint: 'Its memory is bad, or somebody else has the backend’s password: see which worker it was.',
  });
}
