/** Makes jobs of what clients submit: checked, counted, stored, once. */
import { encodeEnvelope, parseFieldElement, sha256Hex } from '@zkinfer/core';
import type { JobSubmission } from '@zkinfer/core/service';
import type { DailyQuota } from '../api-keys/daily-quota.ts';
import type { BlobStore } from '../artifacts/blob-store.ts';
import { unknownModel } from '../artifacts/model-files.ts';
import type { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { type InferenceRequest, writeInferenceRequest } from '../jobs/inference-request.ts';
import { httpJobId } from '../jobs/job-ids.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import type { Pipeline } from '../jobs/pipeline.ts';
import { HTTP_ROUTE } from '../jobs/stages.ts';
import type { ClientJobs } from './client-jobs.ts';
import { httpError } from './http-errors.ts';
import type { Identity } from './identity.ts';
import type { SaltSource } from './salt-source.ts';
import type { ModelCatalogue } from './service-ports.ts';
import { envelopeOfInput } from './submitted-input.ts';

/** What submissions go through. */
export interface JobIntakeOptions {
  readonly pipeline: Pipeline;
  readonly blobs: BlobStore;
  readonly models: ModelCatalogue;
  readonly quota: DailyQuota;
  readonly salts: SaltSource;
  readonly clientJobs: ClientJobs;
  readonly urls: Pick<UrlFetcher, 'requireFetchable'>;
}

/** Of one service. */
export class JobIntake {
  readonly #options: JobIntakeOptions;

  constructor(options: JobIntakeOptions) {
    this.#options = options;
  }

  /**
   * The job of a client's idempotency key: made, or the one that there is.
   * @throws InputError QUEUE_MODEL_UNKNOWN, QUEUE_JOB_DIFFERS, QUEUE_HTTP_DEADLINE_PASSED,
   *   QUEUE_URL_REFUSED, QUEUE_HTTP_DAILY_QUOTA, CORE_FIELD_ELEMENT_RANGE, and as `envelopeOfInput`
   */
  async submit(
    client: Identity,
    idempotencyKey: string,
    submission: JobSubmission,
  ): Promise<{ job: JobRecord; created: boolean }> {
    const { pipeline, models, salts, urls } = this.#options;
    const model = await models.get(submission.modelDigest);
    if (model === undefined) throw unknownModel(submission.modelDigest);
    if (submission.webhook !== undefined) urls.requireFetchable(submission.webhook);
    const drawnSalt = () => salts.saltOf(client.name, idempotencyKey);
    const envelope = envelopeOfInput(submission.input, model, drawnSalt);
    const bytes = new TextEncoder().encode(encodeEnvelope(envelope));
    const job = {
      id: httpJobId(client.name, idempotencyKey),
      route: HTTP_ROUTE,
      request: writeInferenceRequest(requestOf(client, submission, sha256Hex(bytes))),
      ...(submission.deadline === undefined ? {} : { deadlineMs: submission.deadline }),
    };
    // Sent again: costs nothing, and is refused if it differs.
    if ((await pipeline.get(job.id)) !== undefined) return pipeline.submit(job);
    requireFuture(submission.deadline);
    return this.#begin(client, job, bytes);
  }

  async #begin(client: Identity, job: Parameters<Pipeline['submit']>[0], envelope: Uint8Array) {
    const { pipeline, blobs, quota, clientJobs } = this.#options;
    await quota.reserve(client.name, client.dailyJobs);
    let created = false;
    try {
      await blobs.put(envelope);
      await clientJobs.add(client.name, job.id, Date.now());
      const submitted = await pipeline.submit(job);
      created = submitted.created;
      return submitted;
    } finally {
      if (!created) await quota.release(client.name);
    }
  }
}

function requestOf(
  { name }: Identity,
  { modelDigest, binder = '0', webhook }: JobSubmission,
  sha256: string,
): InferenceRequest {
  return {
    modelDigest,
    input: { kind: 'blob', sha256 },
    binder: `${parseFieldElement(binder, 'the binder')}`,
    chain: null,
    http: { client: name, webhook: webhook ?? null },
  };
}

function requireFuture(deadline: number | undefined): void {
  if (deadline === undefined || deadline > Date.now()) return;
  throw httpError('QUEUE_HTTP_DEADLINE_PASSED', 'the deadline has passed', {
    expected: 'a time to come, in milliseconds since 1970',
  });
}
