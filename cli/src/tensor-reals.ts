/** From arrays in files to the reals that a model's input takes. */
import type { ImagePreprocessing } from '@zkinfer/circuits';
import { InputError, type NumericArray } from '@zkinfer/core';

/** What is known about a model's input when a file is read for it. */
export interface InputDescription {
  readonly name: string;
  /** Without batch. */
  readonly shape: readonly number[];
  readonly image?: ImagePreprocessing;
}

/**
 * The reals of an array as float32. Unsigned bytes are a picture's and get the model's image
 * preprocessing, byte · scale + offset; all other numbers are reals as the model takes them.
 */
export function realsOf({ data }: NumericArray, image: ImagePreprocessing | undefined) {
  if (!(data instanceof Uint8Array) || image === undefined) return Float32Array.from(data);
  return Float32Array.from(data, (byte) => byte * image.scale + image.offset);
}

/**
 * Checks that an array fits an input: the same elements, flat or shaped; axes of length 1 do not
 * count.
 * @throws InputError CLI_INPUT_SHAPE
 */
export function requireShape(array: NumericArray, input: InputDescription, path: string): void {
  if (array.shape.length === 1 && array.data.length === product(input.shape)) return;
  const squeeze = (shape: readonly number[]) => shape.filter((extent) => extent !== 1).join(' × ');
  if (squeeze(array.shape) === squeeze(input.shape)) return;
  throw new InputError({
    code: 'CLI_INPUT_SHAPE',
    what: `${path} does not have the shape of input "${input.name}"`,
    got: array.shape.join(' × '),
    expected: `${input.shape.join(' × ')}, or ${product(input.shape)} numbers in a flat array`,
    ...(isChannelsFirst(array.shape, input.shape)
      ? { hint: 'Images are [height, width, channels]: move the channels to the end.' }
      : {}),
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

function isChannelsFirst(got: readonly number[], expected: readonly number[]): boolean {
  const [height, width, channels] = expected;
  return got.length === 3 && `${got}` === `${[channels, height, width]}`;
}
