import { InputError } from '../errors.ts';

/**
 * What can be wrong with a binary file.
 * - TRUNCATED: it ends before what its own lengths announce.
 * - FOREIGN: another magic, version, field or protocol.
 * - OVERSIZED: bytes left over where nothing more may come.
 * - SECTION: a section is missing or occurs twice.
 * - COUNT: counts that contradict each other or the section's length.
 * - VALUE: a value outside its range.
 */
export type FormatFault = 'TRUNCATED' | 'FOREIGN' | 'OVERSIZED' | 'SECTION' | 'COUNT' | 'VALUE';

/**
 * The error for an unusable file, code `CORE_FORMAT_` + fault; `format` is the file's kind, e.g.
 * `r1cs`.
 */
export function formatError(
  fault: FormatFault,
  format: string,
  what: string,
  details: { readonly got?: string | number; readonly expected?: string | number } = {},
): InputError {
  return new InputError({
    code: `CORE_FORMAT_${fault}`,
    what: `not a usable .${format} file: ${what}`,
    ...(details.got === undefined ? {} : { got: String(details.got) }),
    ...(details.expected === undefined ? {} : { expected: String(details.expected) }),
  });
}
