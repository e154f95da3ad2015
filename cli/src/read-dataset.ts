import {
  type InputDescription,
  InputError,
  isIdx,
  isNpy,
  type NumericArray,
  readIdx,
  readNpy,
  realsOf,
  requireInputShape,
} from '@zkinfer/core';
import { readBytes } from './read-file.ts';

/** Many samples for a model. */
export interface Dataset {
  readonly count: number;
  /** For each input, in the model's order, the samples one after the other. */
  readonly reals: readonly Float32Array[];
}

/**
 * Samples from `.npy` or IDX files, plain or gzipped, the first axis counting them.
 * @param argument a path, or for a model with several inputs `name=path,name=path`
 * @param limit takes at most so many, from the front
 * @throws InputError CLI_DATASET_INPUTS, CLI_DATASET_COUNT, CLI_DATASET_FORMAT, CLI_DATASET_EMPTY,
 *   CORE_INPUT_SHAPE, CORE_NPY_*, CORE_IDX_*
 */
export async function readDataset(
  argument: string,
  inputs: readonly InputDescription[],
  limit = Number.POSITIVE_INFINITY,
): Promise<Dataset> {
  const paths = inputs.length === 1 ? [argument] : pathsByName(argument, inputs);
  const reals: Float32Array[] = [];
  const counts = new Set<number>();
  for (const [i, input] of inputs.entries()) {
    const { shape, data } = takeFirst(await readSamples(paths[i]!), limit);
    const sample = { shape: shape.slice(1), data: data.subarray(0, data.length / shape[0]!) };
    requireInputShape(sample, input, paths[i]!);
    reals.push(realsOf({ shape, data }, input.image));
    counts.add(shape[0]!);
  }
  const [count, ...others] = counts;
  if (others.length === 0) return { count: count!, reals };
  throw new InputError({
    code: 'CLI_DATASET_COUNT',
    what: 'the inputs have different numbers of samples',
    got: [...counts].join(', '),
  });
}

function pathsByName(argument: string, inputs: readonly InputDescription[]): string[] {
  const byName = new Map(
    argument.split(',').map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, Math.max(equals, 0)), part.slice(equals + 1)];
    }),
  );
  const names = inputs.map(({ name }) => name);
  if (byName.size === names.length && names.every((name) => byName.has(name))) {
    return names.map((name) => byName.get(name)!);
  }
  throw new InputError({
    code: 'CLI_DATASET_INPUTS',
    what: 'a model with several inputs needs a file for each',
    got: argument,
    expected: names.map((name) => `${name}=FILE`).join(','),
  });
}

/**
 * Class numbers from an `.npy` or IDX file with one axis.
 * @throws InputError CLI_LABELS, and as `readDataset`
 */
export async function readLabels(
  path: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const { shape, data } = takeFirst(await readSamples(path), limit);
  const labels = Array.from(data);
  const axes = shape.filter((extent) => extent !== 1).length;
  if (axes <= 1 && labels.every((label) => Number.isInteger(label) && label >= 0)) return labels;
  throw new InputError({
    code: 'CLI_LABELS',
    what: `${path} does not hold class numbers`,
    got: axes > 1 ? `an array of shape ${shape.join(' × ')}` : 'numbers that are no class',
    expected: 'one integer ≥ 0 for each sample',
  });
}

async function readSamples(path: string): Promise<NumericArray> {
  const bytes = await readBytes(path);
  const array = isNpy(bytes) ? readNpy(bytes) : isIdx(bytes) ? readIdx(bytes) : undefined;
  if (array === undefined) {
    throw new InputError({
      code: 'CLI_DATASET_FORMAT',
      what: `${path} is of no known format`,
      expected: '.npy (numpy.save) or IDX (-ubyte), plain or gzipped',
    });
  }
  if (array.data.length > 0 && array.shape.length > 0) return array;
  throw new InputError({ code: 'CLI_DATASET_EMPTY', what: `${path} holds no samples` });
}

function takeFirst({ shape, data }: NumericArray, limit: number): NumericArray {
  const [count, ...rest] = shape as [number, ...number[]];
  if (limit >= count) return { shape, data };
  return { shape: [limit, ...rest], data: data.slice(0, (data.length / count) * limit) };
}
