/** What may be wrong with a request's input. Words and salts are never told. */
import { EnvironmentError, InputError } from '@zkinfer/core';

/** For an envelope of another model. */
export function otherModel(got: string, expected: string): InputError {
  return new InputError({
    code: 'QUEUE_INPUT_MODEL',
    what: 'the input is for another model',
    got,
    expected,
  });
}

/** For an input that is not the one that a request on chain commits to. */
export function otherInput(): InputError {
  return new InputError({
    code: 'QUEUE_INPUT_HASH',
    what: 'the input, or its salt, is not what the request commits to',
    hint: 'The envelope must be the one that inputHash was made from.',
  });
}

/** For text that is no envelope; the parser's own code says more. */
export function noEnvelope(cause: InputError): InputError {
  return new InputError({
    code: 'QUEUE_INPUT_MALFORMED',
    what: 'the input is no envelope',
    got: cause.code,
    expected: 'JSON with version, modelDigest, words and inputSalt',
    cause,
  });
}

/** For a URI of a stored envelope that was not, or not yet, given to this service. */
export function missingEnvelope(): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_INPUT_MISSING',
    what: 'the envelope that a request names was not given to this service',
    hint: 'The requester must send it, and soon enough.',
  });
}
