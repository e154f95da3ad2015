/** Words of an output in the meaning that a described model gives them. */
import { unpack } from '../statement/pack.ts';
import type { OutputReading } from './job-schemas.ts';
import type { ModelDescription, ModelOutput } from './model-description.ts';
import { outputLayouts } from './model-layouts.ts';

/**
 * The output tensors, read: integers, reals, and for classifiers the predicted class, the lowest
 * index on ties.
 * @param words each in [0, r); whether they open an outputHash is for the caller to check
 * @throws InputError CORE_WORD_COUNT, CORE_WORD_RANGE, CORE_FIELD_ELEMENT_RANGE
 */
export function readOutputWords(
  model: Pick<ModelDescription, 'outputs'>,
  words: readonly bigint[],
): OutputReading[] {
  const tensors = unpack(words, outputLayouts(model));
  return model.outputs.map((output, i) => readTensor(output, tensors[i]!));
}

function readTensor(output: ModelOutput, integers: readonly bigint[]): OutputReading {
  const { name, shape, scale } = output;
  const predicted = predictedClass(output, integers);
  const label = predicted === undefined ? undefined : output.labels?.[predicted];
  return {
    name,
    shape: [...shape],
    integers: integers.map(String),
    reals: integers.map((integer) => Number(integer) * scale),
    ...(predicted === undefined ? {} : { predicted }),
    ...(label === undefined ? {} : { label }),
  };
}

function predictedClass(output: ModelOutput, integers: readonly bigint[]): number | undefined {
  if (output.meaning === 'argmax') return Number(integers[0]);
  const classifies = output.softmax || output.labels !== undefined;
  if (output.meaning !== 'logits' || !classifies || integers.length < 2) return undefined;
  return integers.reduce((best, value, i) => (value > integers[best]! ? i : best), 0);
}
