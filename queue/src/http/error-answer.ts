/**
 * Errors as answers: what the caller can do something about is told, everything else is a code and
 * the request's id, with which an operator finds the rest in the logs.
 */
import { EnvironmentError, InputError, ZkinferError } from '@zkinfer/core';
import type { ServiceError } from '@zkinfer/core/service';
import type { FastifyError } from 'fastify';
import { UNEXPECTED_ERROR } from '../jobs/classify-error.ts';
import { HTTP_ERROR_STATUSES, type HttpErrorCode, httpError } from './http-errors.ts';

/** An answer of status 400 or above. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ServiceError;
}

/** Refusals of other parts; those that are not listed are 422. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  ...HTTP_ERROR_STATUSES,
  CORE_SCHEMA: 400,
  CORE_JSON_SYNTAX: 400,
  QUEUE_JOB_ID: 400,
  QUEUE_MODEL_DIGEST: 400,
  QUEUE_JOB_UNKNOWN: 404,
  QUEUE_MODEL_UNKNOWN: 404,
  QUEUE_BLOB_UNKNOWN: 404,
  QUEUE_JOB_DIFFERS: 409,
  QUEUE_JOB_NOT_CANCELLABLE: 409,
  QUEUE_JOB_NOT_RETRIABLE: 409,
  QUEUE_BLOB_TOO_LARGE: 413,
};

/** InputErrors about the service's own files: no caller gave them. */
const OWN_FILES = /^CORE_(FILE|ARTIFACT|MANIFEST)_/;

const CODE_OF_STATUS: Readonly<Record<number, HttpErrorCode>> = {
  404: 'QUEUE_HTTP_NOT_FOUND',
  408: 'QUEUE_HTTP_TIMEOUT',
  413: 'QUEUE_HTTP_TOO_LARGE',
  415: 'QUEUE_HTTP_MEDIA_TYPE',
};

const LONGEST_TEXT = 300;

/** The answer to an error of a handler, of Fastify, or of nobody knows whom. */
export function answerToError(error: unknown, requestId: string): ErrorAnswer {
  if (error instanceof InputError && !OWN_FILES.test(error.code)) {
    return { status: STATUS_OF_CODE[error.code] ?? 422, body: bodyOf(error, requestId) };
  }
  if (error instanceof ZkinferError) return hidden(error, requestId);
  const refusal = error instanceof Error ? refusalOf(error as FastifyError) : undefined;
  if (refusal !== undefined) return answerToError(refusal, requestId);
  const what = 'something unexpected happened';
  return { status: 500, body: { error: { code: UNEXPECTED_ERROR, what, requestId } } };
}

function bodyOf({ code, what, got, expected, hint }: ZkinferError, requestId: string) {
  const shortened = Object.entries({ got, expected, hint })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, text]) => [key, text.slice(0, LONGEST_TEXT)]);
  return {
    error: {
      code,
      what: what.slice(0, LONGEST_TEXT),
      ...Object.fromEntries(shortened),
      requestId,
    },
  };
}

/** Texts of these name files, hosts and accounts of the operator's. */
function hidden(error: ZkinferError, requestId: string): ErrorAnswer {
  const isOutage = error instanceof EnvironmentError;
  const what = isOutage ? 'the service cannot do this now' : 'the service failed';
  return {
    status: isOutage ? 503 : 500,
    body: { error: { code: error.code, what, requestId } },
  };
}

/** What Fastify refused; its own texts may quote the body. */
function refusalOf(error: FastifyError): InputError | undefined {
  if (error.validation !== undefined) return validationError(error);
  const status = error.statusCode;
  if (status === undefined || status < 400 || status > 499) return undefined;
  const code = CODE_OF_STATUS[status] ?? 'QUEUE_HTTP_BAD_REQUEST';
  return httpError(code, 'the request cannot be read', { got: error.code ?? `${status}` });
}

function validationError({ validation, validationContext }: FastifyError): InputError {
  const first = validation?.[0];
  return new InputError({
    code: 'CORE_SCHEMA',
    what: `the ${validationContext ?? 'request'} is not as its schema says`,
    got: `at ${first?.instancePath || 'the top'}`,
    expected: first?.message ?? 'another value',
  });
}
