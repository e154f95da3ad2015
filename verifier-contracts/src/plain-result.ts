/** Values as ethers decodes them, turned into plain objects and arrays. */
import { isError, type ParamType, Result } from 'ethers';

/** One decoded value: structs become objects, arrays arrays; leaves stay. */
export function plainValue(value: unknown, type: ParamType): unknown {
  if (!(value instanceof Result)) return value;
  if (type.isArray()) return value.toArray().map((item) => plainValue(item, type.arrayChildren));
  return plainStruct(value, type.components ?? []);
}

/**
 * Several decoded values by name, such as the arguments of an event. Text that is no UTF-8 has
 * U+FFFD where it is none: contracts take any bytes, and one text must not hide all other values.
 */
export function plainStruct(values: Result, types: readonly ParamType[]): Record<string, unknown> {
  return Object.fromEntries(
    types.map((type, i) => [type.name || String(i), plainValue(elementOf(values, i), type)]),
  );
}

function elementOf(values: Result, i: number): unknown {
  try {
    return values[i];
  } catch (error) {
    const bytes = illegibleText(error);
    if (bytes === undefined) throw error;
    return new TextDecoder().decode(bytes);
  }
}

/**
 * The bytes that ethers found to be no UTF-8. It tells when they are asked for, by an error in an
 * error; of events, in one more.
 */
function illegibleText(error: unknown): Uint8Array | undefined {
  if (isError(error, 'INVALID_ARGUMENT') && error.argument === 'bytes') {
    return error.value instanceof Uint8Array ? error.value : undefined;
  }
  return error instanceof Error && 'error' in error ? illegibleText(error.error) : undefined;
}
