/** Values as ethers decodes them, turned into plain objects and arrays. */
import { type ParamType, Result } from 'ethers';

/** One decoded value: structs become objects, arrays arrays; leaves stay. */
export function plainValue(value: unknown, type: ParamType): unknown {
  if (!(value instanceof Result)) return value;
  if (type.isArray()) return value.toArray().map((item) => plainValue(item, type.arrayChildren));
  return plainStruct(value, type.components ?? []);
}

/** Several decoded values by name, such as the arguments of an event. */
export function plainStruct(values: Result, types: readonly ParamType[]): Record<string, unknown> {
  return Object.fromEntries(
    types.map((type, i) => [type.name || String(i), plainValue(values[i], type)]),
  );
}
