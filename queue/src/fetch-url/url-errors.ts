/**
 * What goes wrong with URLs that others chose. Errors name the host alone: paths and queries may be
 * private. What may pass is the environment's fault, what never does the input's.
 */
import { EnvironmentError, InputError } from '@zkinfer/core';

/** For a URL, or an address behind its name, that must not be asked. */
export function refusedUrl(got: string, expected: string): InputError {
  return new InputError({
    code: 'QUEUE_URL_REFUSED',
    what: 'this URL is not fetched',
    got,
    expected,
    hint: 'Operators may allow origins of their own in the configuration.',
  });
}

/** For more redirects than are followed. */
export function redirectedUrl(host: string, most: number): InputError {
  return new InputError({
    code: 'QUEUE_URL_REDIRECTS',
    what: `${host} redirects too often`,
    expected: `at most ${most} redirects, each to a URL`,
  });
}

/** For a body that is longer than wanted. */
export function largeBody(host: string, largestBytes: number): InputError {
  return new InputError({
    code: 'QUEUE_URL_TOO_LARGE',
    what: `the answer of ${host} is too large`,
    expected: `at most ${largestBytes} bytes`,
  });
}

/** For a body that was compressed though nobody asked for it. */
export function encodedBody(host: string, encoding: string): InputError {
  return new InputError({
    code: 'QUEUE_URL_ENCODING',
    what: `the answer of ${host} is compressed`,
    got: encoding.slice(0, 40),
    expected: 'no content encoding, as the request says',
  });
}

/** For a host that takes longer than it may, all redirects together. */
export function slowHost(host: string, timeoutMs: number): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_URL_TIMEOUT',
    what: `${host} did not answer in time`,
    expected: `the whole answer within ${timeoutMs} ms`,
  });
}

/** For a host without address or connection, or one that breaks off. Causes stay behind. */
export function unreachableHost(host: string, cause: unknown): EnvironmentError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new EnvironmentError({
    code: 'QUEUE_URL_UNREACHABLE',
    what: `${host} cannot be reached`,
    got: typeof code === 'string' ? code : 'no answer',
  });
}

/** Not there yet, too busy: may be otherwise soon. */
const PASSING = [404, 408, 425, 429];

/** For an answer that is not a success: the host's own failures, and some others, may pass. */
export function failedStatus(host: string, status: number): InputError | EnvironmentError {
  const details = {
    code: 'QUEUE_URL_STATUS',
    what: `${host} does not give what was asked for`,
    got: `status ${status}`,
    expected: 'status 200',
  };
  const mayPass = status >= 500 || PASSING.includes(status);
  return mayPass ? new EnvironmentError(details) : new InputError(details);
}
