/**
 * Reading JSON that others wrote: every value is of the expected kind at a named path, and no key
 * is unknown or missing. Values are not quoted in errors, since documents may carry salts.
 */
import { InputError } from '../errors.ts';

const HEX_DIGEST = /^[0-9a-f]{64}$/;

/** The value of a JSON text. @param what names the document. @throws InputError CORE_JSON_SYNTAX */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new InputError({
      code: 'CORE_JSON_SYNTAX',
      what: `${what}: not valid JSON`,
      expected: 'one complete JSON value, numbers finite',
      hint: 'The file may be truncated, or another format.',
    });
  }
}

/**
 * An object that has all of `keys`, perhaps some of `optional`, and nothing else.
 * @throws InputError CORE_JSON_SHAPE
 */
export function readObject<K extends string, O extends string = never>(
  value: unknown,
  path: string,
  keys: readonly K[],
  optional: readonly O[] = [],
): Record<K, unknown> & Partial<Record<O, unknown>> {
  const object = readRecord(value, path);
  const known: readonly string[] = [...keys, ...optional];
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw jsonShapeError(path, 'an unknown key', `the keys ${known.join(', ')}`);
  const missing = keys.find((key) => !Object.hasOwn(object, key));
  if (missing !== undefined)
    throw jsonShapeError(path, 'an incomplete object', `the key ${missing}`);
  return object as Record<K, unknown> & Partial<Record<O, unknown>>;
}

/** An object whose keys are data. @throws InputError CORE_JSON_SHAPE */
export function readRecord(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw jsonShapeError(path, kindOf(value), 'an object');
}

/** @throws InputError CORE_JSON_SHAPE */
export function readArray(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw jsonShapeError(path, kindOf(value), 'an array');
}

/** @throws InputError CORE_JSON_SHAPE */
export function readString(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw jsonShapeError(path, kindOf(value), 'a string');
}

/** An integer in [lowest, highest]. @throws InputError CORE_JSON_SHAPE */
export function readInteger(
  value: unknown,
  path: string,
  lowest = 0,
  highest = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value)) {
    const integer = value as number;
    if (integer >= lowest && integer <= highest) return integer;
  }
  throw jsonShapeError(path, kindOf(value), `an integer from ${lowest} to ${highest}`);
}

/** One value and no other, such as a version. @throws InputError CORE_JSON_SHAPE */
export function readConstant<T extends string | number>(
  value: unknown,
  path: string,
  constant: T,
): T {
  if (value === constant) return constant;
  throw jsonShapeError(path, 'another value', JSON.stringify(constant));
}

/** A SHA-256 in 64 lower-case hexadecimal digits. @throws InputError CORE_JSON_SHAPE */
export function readHexDigest(value: unknown, path: string): string {
  if (typeof value === 'string' && HEX_DIGEST.test(value)) return value;
  throw jsonShapeError(path, kindOf(value), '64 lower-case hexadecimal digits');
}

/** The error for a value of another kind; `got` describes it and never quotes it. */
export function jsonShapeError(
  path: string,
  got: string | undefined,
  expected: string,
): InputError {
  const found = got === undefined ? {} : { got };
  return new InputError({ code: 'CORE_JSON_SHAPE', what: path, ...found, expected });
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
