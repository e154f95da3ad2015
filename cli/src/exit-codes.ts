import { EnvironmentError, InputError, IntegrityError } from '@zkinfer/core';
import { CommanderError } from 'commander';

/** What the command's exit code says. Part of the interface: scripts rely on it. */
export const EXIT = {
  /** The work is done, or the answer is yes. */
  done: 0,
  /**
   * The question was understood, and the answer is no: a proof that is wrong, an audit that found
   * a difference.
   */
  no: 1,
  /**
   * Wrong usage, or input that cannot be used: a file, an argument, an artifact that was altered.
   */
  badInput: 2,
  /** The machine lacks something: a package, memory, disk space, a permission. */
  environment: 3,
  /** A defect of zkinfer itself. */
  defect: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A line for `--help`. Ctrl-C ends with 130, as everywhere. */
export const EXIT_CODES_HELP =
  'Exit codes: 0 done or yes, 1 the answer is no, 2 wrong usage or bad input,\n' +
  '            3 the machine lacks something, 4 a defect of zkinfer.';

/** The exit code for an error that ended a verb. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof InputError || error instanceof IntegrityError) return EXIT.badInput;
  if (error instanceof CommanderError) return EXIT.badInput;
  if (error instanceof EnvironmentError || isSystemError(error)) return EXIT.environment;
  return EXIT.defect;
}

/**
 * Whether the operating system refused something (`ENOSPC`); such an error has a code and names
 * the call.
 */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return false;
  return typeof error.code === 'string';
}
