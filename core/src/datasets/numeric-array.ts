/** The element types that datasets and inputs come in. */
export type NumericData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * Numbers in row-major (C) order: the last axis varies fastest. The product of `shape` is
 * `data.length`.
 */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
}

/**
 * The number of elements of a shape, 1 for the empty one.
 * @throws RangeError unless the lengths and their product are safe integers ≥ 0
 */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) {
    count *= length;
    if (!Number.isSafeInteger(length) || length < 0 || !Number.isSafeInteger(count)) {
      throw new RangeError(`elementCount: expected safe integers ≥ 0, got [${shape.join(', ')}]`);
    }
  }
  return count;
}
