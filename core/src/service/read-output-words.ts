/** Words of an output in the meaning that a described model gives them. */
import { unpack } from '../statement/pack.ts';
import { type OutputReading, readOutput } from '../statement/read-output.ts';
import type { OutputReading as OutputReadingJson } from './job-schemas.ts';
import type { ModelDescription } from './model-description.ts';
import { outputLayouts } from './model-layouts.ts';

/**
 * The output tensors, read: integers, reals, and for classifiers the predicted class, the lowest
 * index on ties.
 * @param words each in [0, r); whether they open an outputHash is for the caller to check
 * @throws InputError CORE_WORD_COUNT, CORE_WORD_RANGE, CORE_FIELD_ELEMENT_RANGE
 */
export function readDescribedOutputs(
  model: Pick<ModelDescription, 'outputs'>,
  words: readonly bigint[],
): OutputReading[] {
  const tensors = unpack(words, outputLayouts(model));
  return model.outputs.map((output, i) => readOutput(output, tensors[i]!));
}

/** The same as the service tells it. @throws as `readDescribedOutputs` */
export function readOutputWords(
  model: Pick<ModelDescription, 'outputs'>,
  words: readonly bigint[],
): OutputReadingJson[] {
  return readDescribedOutputs(model, words).map(
    ({ name, shape, integers, reals, predicted, label }) => ({
      name,
      shape: [...shape],
      integers: integers.map(String),
      reals: [...reals],
      ...(predicted === undefined ? {} : { predicted }),
      ...(label === undefined ? {} : { label }),
    }),
  );
}
