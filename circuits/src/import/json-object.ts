/** Reading of JSON that someone else wrote: nothing is assumed of its shape. */

/** A parsed JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object, and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The member `key`, given in snake case as Keras writes it, or in camel case as TF.js does in
 * memory; undefined if neither is there or it is null.
 */
export function memberOf(object: JsonObject, key: string): unknown {
  for (const name of [key, camelCase(key)]) {
    if (Object.hasOwn(object, name)) return object[name] ?? undefined;
  }
  return undefined;
}

function camelCase(key: string): string {
  return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
