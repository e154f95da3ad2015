import { InputError } from '@zkinfer/core';
import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import Value from 'typebox/value';

/**
 * The value with the schema's defaults filled in; an error names the key and never its value, which
 * may be a secret.
 * @param what names the value in the error
 * @throws InputError QUEUE_CONFIG
 */
export function readConfigSchema<S extends TSchema>(
  schema: S,
  value: unknown,
  what: string,
): Static<S> {
  const filled = Value.Default(schema, structuredClone(value));
  if (Value.Check(schema, filled)) return filled as Static<S>;
  const [key, problem] = describe(mostTelling(Value.Errors(schema, filled)));
  throw configError(what, key, problem);
}

/** What is wrong with a key of a configuration. @param key such as `chains[0].rpc` */
export function configError(what: string, key: string, problem: string): InputError {
  return new InputError({
    code: 'QUEUE_CONFIG',
    what: `${what} is not valid`,
    got: `${key}: ${problem}`,
    hint: 'docs/operations.md lists all keys.',
  });
}

/** Of several errors about one place, the one that names the deepest key. */
function mostTelling(errors: readonly TLocalizedValidationError[]): TLocalizedValidationError {
  const depth = ({ instancePath }: TLocalizedValidationError) => instancePath.split('/').length;
  return errors.reduce((best, error) => (depth(error) > depth(best) ? error : best));
}

function describe(error: TLocalizedValidationError): [key: string, problem: string] {
  const { instancePath, keyword, message } = error;
  if (keyword === 'boolean') return [keyOf(instancePath), 'there is no such key'];
  if (keyword !== 'required') return [keyOf(instancePath), message];
  const [missing] = error.params.requiredProperties;
  return [keyOf(`${instancePath}/${missing}`), 'is missing'];
}

/** `/chains/0/rpc` → `chains[0].rpc`. */
function keyOf(instancePath: string): string {
  const key = instancePath.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.');
  return key.replace(/^\./, '') || 'the whole';
}
