/** One try to deliver a webhook. */
import { EnvironmentError, InputError } from '@zkinfer/core';
import type { ApiKeys } from '../api-keys/api-keys.ts';
import type { UrlFetcher } from '../fetch-url/url-fetcher.ts';
import { jobView } from '../http/job-view.ts';
import { readInferenceRequest } from '../jobs/inference-request.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import { DELIVERY_HEADER, SIGNATURE_HEADER, signWebhook } from './webhook-signature.ts';

/** What it takes. */
export interface WebhookSenderOptions {
  readonly keys: ApiKeys;
  readonly urls: Pick<UrlFetcher, 'postJson'>;
}

const GONE = 410;

/** Where a job is to be posted; null if nowhere. */
export function webhookOf(job: JobRecord): string | null {
  return readInferenceRequest(job.request).http?.webhook ?? null;
}

/**
 * Posts a job as it stands to its webhook, signed.
 * @throws InputError where trying again is no use: QUEUE_WEBHOOK_KEY_REVOKED, QUEUE_WEBHOOK_GONE,
 *   QUEUE_URL_REFUSED; EnvironmentError QUEUE_WEBHOOK_STATUS, QUEUE_URL_*; the signal's reason
 */
export async function sendWebhook(
  job: JobRecord,
  deliveryId: string,
  { keys, urls }: WebhookSenderOptions,
  signal: AbortSignal,
): Promise<void> {
  const { http } = readInferenceRequest(job.request);
  const secret = (await keys.named(http?.client ?? ''))?.webhookSecret;
  if (secret === undefined || http?.webhook == null) throw revokedError();
  const body = JSON.stringify(jobView(job));
  const headers = {
    [SIGNATURE_HEADER]: signWebhook(secret, body),
    [DELIVERY_HEADER]: deliveryId,
  };
  const status = await urls.postJson(http.webhook, { body, headers, signal });
  if (status >= 200 && status < 300) return;
  throw status === GONE ? goneError() : statusError(status);
}

function revokedError(): InputError {
  return new InputError({
    code: 'QUEUE_WEBHOOK_KEY_REVOKED',
    what: 'nothing can be signed for a key that was revoked',
  });
}

function goneError(): InputError {
  return new InputError({
    code: 'QUEUE_WEBHOOK_GONE',
    what: 'the receiver wants no more webhooks',
    got: `status ${GONE}`,
  });
}

function statusError(status: number): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_WEBHOOK_STATUS',
    what: 'the receiver did not take the webhook',
    got: `status ${status}`,
    expected: '2xx',
  });
}
