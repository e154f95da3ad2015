import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { InputError } from '../errors.ts';

/**
 * The value as what the schema says.
 * @param what names the value in the error
 * @throws InputError CORE_SCHEMA naming the first place that does not fit, without its value
 */
export function readSchema<S extends TSchema>(schema: S, value: unknown, what: string): Static<S> {
  if (Value.Check(schema, value)) return value as Static<S>;
  const first = Value.Errors(schema, value)[0];
  throw new InputError({
    code: 'CORE_SCHEMA',
    what: `${what} is not as its schema says`,
    got: `at ${first?.instancePath || 'the top'}`,
    expected: first?.message ?? 'another value',
  });
}
