/** From the reals that a described model takes to the words that are committed to. */
import { inputArrays, realsOf } from '../statement/input-arrays.ts';
import { pack } from '../statement/pack.ts';
import { type Clamping, quantizeInput } from '../statement/quantize-input.ts';
import type { ModelDescription } from './model-description.ts';
import { inputLayouts } from './model-layouts.ts';

/** What the network takes, and what clamping did to the reals. */
export interface QuantizedReals {
  /** For each input. */
  readonly integers: readonly Int32Array[];
  /** All of them, packed. */
  readonly words: readonly bigint[];
  /** For each input. */
  readonly clampings: readonly Clamping[];
}

/**
 * The integers and words of reals.
 * @param reals as `inputArrays` takes them; bytes are the pixels of a picture
 * @param options.strict refuse reals outside the calibrated range in place of clamping them
 * @throws InputError CORE_INPUT_NAMES, CORE_INPUT_SHAPE, CORE_NUMBERS_*, CORE_INPUT_NOT_FINITE,
 *   CORE_INPUT_OUT_OF_RANGE (strict)
 */
export function quantizeReals(
  model: Pick<ModelDescription, 'inputs'>,
  reals: unknown,
  options: { readonly strict?: boolean } = {},
): QuantizedReals {
  const arrays = inputArrays(reals, model.inputs, 'the input');
  const quantized = model.inputs.map((input, i) =>
    quantizeInput(realsOf(arrays[i]!, input.image), input, options),
  );
  const integers = quantized.map(({ values }) => values);
  return {
    integers,
    words: pack(integers, inputLayouts(model)),
    clampings: quantized.map(({ clamping }) => clamping),
  };
}
