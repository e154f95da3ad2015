/** Answers of the service that are none, as errors. */
import { EnvironmentError, InputError, type ZkinferError } from '@zkinfer/core';
import { readSchema, type ServiceError, ServiceErrorSchema } from '@zkinfer/core/service';

/** Others may pass, or are the service's turn; with these the request has to change. */
const CALLERS_TURN = (status: number) => status >= 400 && status < 500 && !MAY_PASS.has(status);

/** Worth another try, by what HTTP says of them. */
export const MAY_PASS: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

const CODE = /^[A-Z][A-Z0-9_]{2,79}$/;
const MOST_CHARACTERS = 500;

/**
 * The error for an answer with a status of 400 and above: an InputError or EnvironmentError with
 * the service's code, or CLIENT_SERVICE_ANSWER if it is none of the service's.
 */
export function serviceRefusal(status: number, body: string): ZkinferError {
  const refusal = readRefusal(body);
  if (refusal === undefined) return unusableAnswer(`HTTP status ${status}`);
  const { code, what, got, expected, hint, requestId } = refusal;
  const about = [hint, requestId === undefined ? undefined : `Request id ${requestId}.`]
    .filter((part) => part !== undefined)
    .join(' ');
  const details = {
    code,
    what: `the service refuses: ${short(what)}`,
    ...(got === undefined ? {} : { got: short(got) }),
    ...(expected === undefined ? {} : { expected: short(expected) }),
    ...(about === '' ? {} : { hint: short(about) }),
  };
  return CALLERS_TURN(status) ? new InputError(details) : new EnvironmentError(details);
}

/** The service, or something in its place, answered what it never would. */
export function unusableAnswer(got: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'CLIENT_SERVICE_ANSWER',
    what: 'the answer is none of a zkinfer service’s',
    got,
    hint: 'Check the URL. A proxy in between, or another version of the service?',
    ...(cause === undefined ? {} : { cause }),
  });
}

function readRefusal(body: string): ServiceError['error'] | undefined {
  try {
    const { error } = readSchema(ServiceErrorSchema, JSON.parse(body), 'a refusal');
    return CODE.test(error.code) ? error : undefined;
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return text.slice(0, MOST_CHARACTERS);
}
