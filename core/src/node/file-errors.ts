/** What the operating system says about a file, as errors that say what to do. */
import { EnvironmentError, InputError, type ZkinferError } from '../errors.ts';

const FULL = ['ENOSPC', 'EDQUOT'];
const DENIED = ['EACCES', 'EPERM', 'EROFS'];

/**
 * A failed write: CORE_DISK_FULL, CORE_WRITE_DENIED or CORE_WRITE_FAILED. Errors of zkinfer pass
 * unchanged, so that it can wrap whatever was thrown while a file was written.
 */
export function writeError(cause: unknown, path: string): Error {
  const code = systemCode(cause);
  if (code === undefined) return cause instanceof Error ? cause : new Error(String(cause));
  if (FULL.includes(code)) {
    return new EnvironmentError({
      code: 'CORE_DISK_FULL',
      what: `no space left to write ${path}`,
      got: code,
      hint: 'Free some space, or choose another folder; what was there before is unchanged.',
      cause,
    });
  }
  if (DENIED.includes(code)) {
    return new EnvironmentError({
      code: 'CORE_WRITE_DENIED',
      what: `not allowed to write ${path}`,
      got: code,
      hint: 'Change the permissions of the folder, or choose another.',
      cause,
    });
  }
  return new EnvironmentError({
    code: 'CORE_WRITE_FAILED',
    what: `cannot write ${path}`,
    got: code,
    hint: 'Check that the folder exists and that no folder has the name of the file.',
    cause,
  });
}

/** A failed read: InputError CORE_FILE_MISSING, or EnvironmentError CORE_READ_FAILED. */
export function readError(cause: unknown, path: string): ZkinferError {
  const code = systemCode(cause) ?? 'an unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InputError({ code: 'CORE_FILE_MISSING', what: `there is no file ${path}`, cause });
  }
  return new EnvironmentError({
    code: 'CORE_READ_FAILED',
    what: `cannot read ${path}`,
    got: code,
    hint: 'Check the permissions, and that it is a file.',
    cause,
  });
}

function systemCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
