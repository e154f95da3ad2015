/** What the service refuses by itself, before anything else has a say. */
import { InputError } from '@zkinfer/core';

/** Codes of refusals, with their statuses. */
export const HTTP_ERROR_STATUSES = {
  QUEUE_HTTP_BAD_REQUEST: 400,
  QUEUE_HTTP_IDEMPOTENCY_KEY: 400,
  QUEUE_HTTP_UNAUTHENTICATED: 401,
  QUEUE_HTTP_FORBIDDEN: 403,
  QUEUE_HTTP_FOREIGN_ORIGIN: 403,
  QUEUE_HTTP_NOT_FOUND: 404,
  QUEUE_HTTP_TIMEOUT: 408,
  QUEUE_HTTP_LENGTH: 411,
  QUEUE_RESULT_NOT_READY: 409,
  QUEUE_RESULT_NONE: 409,
  QUEUE_HTTP_TOO_LARGE: 413,
  QUEUE_HTTP_MEDIA_TYPE: 415,
  QUEUE_HTTP_DEADLINE_PASSED: 422,
  QUEUE_HTTP_INPUT_BYTES: 422,
  QUEUE_BLOB_DIFFERS: 422,
  QUEUE_HTTP_RATE_LIMIT: 429,
  QUEUE_HTTP_DAILY_QUOTA: 429,
  QUEUE_HTTP_STREAMS: 429,
} as const;

/** A code that the service itself refuses with. */
export type HttpErrorCode = keyof typeof HTTP_ERROR_STATUSES;

/** The error of a refusal. */
export function httpError(
  code: HttpErrorCode,
  what: string,
  details: { readonly got?: string; readonly expected?: string; readonly hint?: string } = {},
): InputError {
  return new InputError({ code, what, ...details });
}

/** The answer to whoever asks for a job that is not there, or not theirs: the same. */
export function jobUnknownError(): InputError {
  return new InputError({ code: 'QUEUE_JOB_UNKNOWN', what: 'there is no such job' });
}
