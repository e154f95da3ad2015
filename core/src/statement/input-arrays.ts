/** From values in files, answers or programs to the reals that each of a model's inputs takes. */
import { numericArrayOf } from '../datasets/nested-json.ts';
import { elementCount, type NumericArray, type NumericData } from '../datasets/numeric-array.ts';
import { InputError } from '../errors.ts';

/** What is known about a model's input when its reals are read. */
export interface InputDescription {
  readonly name: string;
  /** Without batch. */
  readonly shape: readonly number[];
  /** For 8-bit pixels p, the real is p · scale + offset. */
  readonly image?: { readonly scale: number; readonly offset: number } | undefined;
}

/**
 * An array for each of a model's inputs, in the model's order, its shape checked.
 * @param value for a model with one input an array: nested or flat, of a typed kind, or with its
 *   shape; for several an object of such arrays by input name
 * @param what names the value in errors
 * @throws InputError CORE_INPUT_NAMES, CORE_INPUT_SHAPE, CORE_NUMBERS_*
 */
export function inputArrays(
  value: unknown,
  inputs: readonly InputDescription[],
  what: string,
): NumericArray[] {
  const arrays = isNamed(value) ? namedArrays(value, inputs, what) : [arrayOf(value)];
  if (arrays.length !== inputs.length) throw needsNames(what, inputs, 'one array');
  inputs.forEach((input, i) => {
    requireInputShape(arrays[i]!, input, what);
  });
  return arrays;
}

/**
 * Checks that an array fits an input: the same elements, flat or shaped; axes of length 1 do not
 * count.
 * @throws InputError CORE_INPUT_SHAPE
 */
export function requireInputShape(
  array: NumericArray,
  input: Pick<InputDescription, 'name' | 'shape'>,
  what: string,
): void {
  const count = elementCount(input.shape);
  if (array.shape.length === 1 && array.data.length === count) return;
  const squeeze = (shape: readonly number[]) => shape.filter((extent) => extent !== 1).join(' × ');
  if (squeeze(array.shape) === squeeze(input.shape)) return;
  throw new InputError({
    code: 'CORE_INPUT_SHAPE',
    what: `${what} does not have the shape of input "${input.name}"`,
    got: array.shape.join(' × '),
    expected: `${input.shape.join(' × ')}, or ${count} numbers in a flat array`,
    ...(isChannelsFirst(array.shape, input.shape)
      ? { hint: 'Images are [height, width, channels]: move the channels to the end.' }
      : {}),
  });
}

/**
 * The reals of an array as float32. Unsigned bytes are a picture's and get the model's image
 * preprocessing, byte · scale + offset; all other numbers are reals as the model takes them.
 */
export function realsOf({ data }: NumericArray, image: InputDescription['image']): Float32Array {
  if (!(data instanceof Uint8Array) || image === undefined) return Float32Array.from(data);
  return Float32Array.from(data, (byte) => byte * image.scale + image.offset);
}

function isNamed(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !ArrayBuffer.isView(value) && !isNumericArray(value);
}

function isNumericArray(value: object): value is NumericArray {
  return 'data' in value && 'shape' in value && ArrayBuffer.isView(value.data);
}

function arrayOf(value: unknown): NumericArray {
  if (ArrayBuffer.isView(value)) {
    const data = value as NumericData;
    return { shape: [data.length], data };
  }
  if (typeof value === 'object' && value !== null && isNumericArray(value)) return value;
  return numericArrayOf(value);
}

function namedArrays(
  byName: Record<string, unknown>,
  inputs: readonly InputDescription[],
  what: string,
): NumericArray[] {
  const wanted = inputs.map(({ name }) => name);
  const given = Object.keys(byName);
  if (wanted.some((name) => !Object.hasOwn(byName, name)) || given.length !== wanted.length) {
    throw needsNames(what, inputs, `an object with the keys ${given.join(', ')}`);
  }
  return wanted.map((name) => arrayOf(byName[name]));
}

function needsNames(what: string, inputs: readonly InputDescription[], got: string): InputError {
  return new InputError({
    code: 'CORE_INPUT_NAMES',
    what: `${what} does not hold exactly this model's inputs`,
    got,
    expected: `an object {${inputs.map(({ name }) => `"${name}": […]`).join(', ')}}`,
  });
}

function isChannelsFirst(got: readonly number[], expected: readonly number[]): boolean {
  const [height, width, channels] = expected;
  return got.length === 3 && `${got}` === `${[channels, height, width]}`;
}
