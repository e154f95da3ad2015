import {
  type InputDescription,
  inputArrays,
  isNpy,
  parseJson,
  readNpy,
  realsOf,
} from '@zkinfer/core';
import { readBytes } from './read-file.ts';
import { isPng, readPicture } from './read-picture.ts';

/**
 * The reals of each of a model's inputs, in the model's order, from one file: `.npy`, a PNG
 * picture, or JSON: an array (flat or nested) for a model with one input, for several an object of
 * arrays by input name.
 * @throws InputError CORE_INPUT_SHAPE, CORE_INPUT_NAMES, CLI_PNG_*, CORE_NPY_*, CORE_JSON_SYNTAX,
 *   CORE_NUMBERS_*
 */
export async function readInput(
  path: string,
  inputs: readonly InputDescription[],
): Promise<Float32Array[]> {
  const bytes = await readBytes(path);
  const value = isNpy(bytes)
    ? readNpy(bytes)
    : isPng(bytes)
      ? readPicture(bytes, path)
      : parseJson(new TextDecoder().decode(bytes), path);
  return inputArrays(value, inputs, path).map((array, i) => realsOf(array, inputs[i]!.image));
}
