import { InputError, isIdx, isNpy, type NumericArray, readIdx, readNpy } from '@zkinfer/core';
import { readBytes } from './read-file.ts';
import { type InputDescription, realsOf, requireShape } from './tensor-reals.ts';

/** Many samples for a model's one input. */
export interface Dataset {
  readonly count: number;
  /** The samples one after the other. */
  readonly reals: Float32Array;
}

/**
 * Samples from an `.npy` or IDX file, plain or gzipped, the first axis counting them.
 * @param limit takes at most so many, from the front
 * @throws InputError CLI_DATASET_FORMAT, CLI_DATASET_EMPTY, CLI_DATASET_INPUTS, CLI_INPUT_SHAPE, CORE_NPY_*, CORE_IDX_*
 */
export async function readDataset(
  path: string,
  inputs: readonly InputDescription[],
  limit = Number.POSITIVE_INFINITY,
): Promise<Dataset> {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) {
    throw new InputError({
      code: 'CLI_DATASET_INPUTS',
      what: 'data sets are for models with one input',
      got: `${inputs.length} inputs`,
      hint: 'Use the library for models with several inputs.',
    });
  }
  const { shape, data } = takeFirst(await readSamples(path), limit);
  requireShape(
    { shape: shape.slice(1), data: data.subarray(0, data.length / shape[0]!) },
    input,
    path,
  );
  return { count: shape[0]!, reals: realsOf({ shape, data }, input.image) };
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
