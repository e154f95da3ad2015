/**
 * One text for one value, so that files can be compared and digested: keys in insertion order, an
 * indent of two spaces, a newline at the end, numbers in their shortest round-trip form (ECMA-262,
 * Number::toString; −0 is written 0), bigints as decimal strings. Without bigints this is
 * `JSON.stringify(value, null, 2)` and a newline.
 */

/** What has a canonical text. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue };

const INTEGER_KEY = /^(0|[1-9][0-9]*)$/;

/**
 * The text of a value.
 * @throws RangeError naming the path of a number that is not finite, TypeError of a value that JSON
 * would drop or rewrite (undefined, functions, class instances, typed arrays) or of a key that
 * objects move to the front (digits alone)
 */
export function canonicalJson(value: CanonicalValue): string {
  requireCanonical(value, '$');
  const text = JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item),
    2,
  );
  return `${text}\n`;
}

function requireCanonical(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`canonicalJson: expected a finite number at ${path}, got ${value}`);
  }
  if (value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) requireCanonical(value[i], `${path}[${i}]`);
    return;
  }
  if (!isPlainObject(value)) {
    throw new TypeError(`canonicalJson: expected plain JSON data at ${path}, got ${typeof value}`);
  }
  for (const [key, item] of Object.entries(value)) {
    if (INTEGER_KEY.test(key)) {
      throw new TypeError(`canonicalJson: expected a key that keeps its place, got ${path}.${key}`);
    }
    requireCanonical(item, `${path}.${key}`);
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value);
}
