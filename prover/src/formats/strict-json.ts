import type { InputError } from '@zkinfer/core';

/** Makes the error for a malformed document from what was found and what was expected. */
export type MalformedError = (got: string, expected: string) => InputError;

/** The integer of a canonical decimal string of at most 78 digits, else undefined. */
export function parseDecimal(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^(0|[1-9]\d{0,77})$/.test(value) ? BigInt(value) : undefined;
}

/** The members of an object, or the error that `malformed` makes. */
export function asRecord(
  json: unknown,
  malformed: MalformedError,
): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw malformed('something else', 'an object');
  }
  return json as Readonly<Record<string, unknown>>;
}
