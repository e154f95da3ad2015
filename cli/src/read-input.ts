import {
  InputError,
  isNpy,
  type NumericArray,
  numericArrayOf,
  parseJson,
  readNpy,
} from '@zkinfer/core';
import { readBytes } from './read-file.ts';
import { isPng, readPicture } from './read-picture.ts';
import { type InputDescription, realsOf, requireShape } from './tensor-reals.ts';

/**
 * The reals of each of a model's inputs, in the model's order, from one file: `.npy`, a PNG
 * picture, or JSON: an array (flat or nested) for a model with one input, for several an object of
 * arrays by input name.
 * @throws InputError CLI_INPUT_SHAPE, CLI_INPUT_NAMES, CLI_PNG_*, CORE_NPY_*, CORE_JSON_SYNTAX,
 *   CORE_NUMBERS_*
 */
export async function readInput(
  path: string,
  inputs: readonly InputDescription[],
): Promise<Float32Array[]> {
  const bytes = await readBytes(path);
  const arrays = isNpy(bytes)
    ? [readNpy(bytes)]
    : isPng(bytes)
      ? [readPicture(bytes, path)]
      : arraysOfJson(parseJson(new TextDecoder().decode(bytes), path), path, inputs);
  if (arrays.length !== inputs.length) throw needsNames(path, inputs);
  return inputs.map((input, i) => {
    requireShape(arrays[i]!, input, path);
    return realsOf(arrays[i]!, input.image);
  });
}

function arraysOfJson(
  value: unknown,
  path: string,
  inputs: readonly InputDescription[],
): NumericArray[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [numericArrayOf(value)];
  }
  const byName = value as Record<string, unknown>;
  const wanted = inputs.map(({ name }) => name);
  const given = Object.keys(byName);
  if (wanted.some((name) => !Object.hasOwn(byName, name)) || given.length !== wanted.length) {
    throw needsNames(path, inputs, given);
  }
  return wanted.map((name) => numericArrayOf(byName[name]));
}

function needsNames(
  path: string,
  inputs: readonly InputDescription[],
  given?: readonly string[],
): InputError {
  const names = inputs.map(({ name }) => `"${name}": […]`).join(', ');
  return new InputError({
    code: 'CLI_INPUT_NAMES',
    what: `${path} does not hold exactly this model's inputs`,
    got: given === undefined ? 'one array' : `an object with the keys ${given.join(', ')}`,
    expected: `a JSON object {${names}}`,
  });
}
