/**
 * The errors that cross package boundaries. The class says whose turn it is (and with it the exit
 * code of the command line), the code says what happened and is API; the message is not.
 */

/**
 * What every error carries: what went wrong, what was found, what was expected, what to do about
 * it.
 */
export interface ErrorDetails {
  /** Stable, upper snake case, prefixed with the workspace: `CIRCUITS_UNSUPPORTED_LAYER`. */
  readonly code: string;
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * Base of all errors that zkinfer throws on purpose. Never carries secrets: no salts, no witness
 * values.
 */
export abstract class ZkinferError extends Error {
  readonly code: string;
  readonly what: string;
  readonly got: string | undefined;
  readonly expected: string | undefined;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(messageOf(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.what = details.what;
    this.got = details.got;
    this.expected = details.expected;
    this.hint = details.hint;
  }
}

/** The caller gave something unusable: a file, an argument, a model, a proof. */
export class InputError extends ZkinferError {}

/** Something was altered, or does not belong together: digests differ, a file was tampered with. */
export class IntegrityError extends ZkinferError {}

/** The machine lacks something: a package, memory, disk, a file that cannot be read or written. */
export class EnvironmentError extends ZkinferError {}

/** A promise that zkinfer makes to itself was broken: a defect to report. */
export class InternalError extends ZkinferError {}

function messageOf(details: ErrorDetails): string {
  const parts = [details.what];
  if (details.got !== undefined) parts.push(`got ${details.got}`);
  if (details.expected !== undefined) parts.push(`expected ${details.expected}`);
  const sentence = parts.join('; ');
  return details.hint === undefined ? sentence : `${sentence}. ${details.hint}`;
}
