/** Quantises on the server what a client sent as reals. */
import type { Envelope } from '@zkinfer/core';
import { type ModelDescription, quantizeReals } from '@zkinfer/core/service';

/**
 * The envelope of reals, each clamped to the calibrated range.
 * @param reals an array for each input of the model, in its order: nested, flat or Float32Array;
 *   of a model with one input also that array itself
 * @param inputSalt of a client's choice or drawn; 0 hides nothing
 * @throws InputError CORE_INPUT_NAMES, CORE_INPUT_SHAPE, CORE_NUMBERS_*, CORE_INPUT_NOT_FINITE
 */
export function envelopeFromReals(
  model: Pick<ModelDescription, 'modelDigest' | 'inputs'>,
  reals: readonly unknown[],
  inputSalt: bigint,
): Envelope {
  const { words } = quantizeReals(model, byInput(model, reals));
  return { version: 1, modelDigest: model.modelDigest, words, inputSalt };
}

/** As `inputArrays` takes them: the array of the one input, or arrays by name. */
function byInput({ inputs }: Pick<ModelDescription, 'inputs'>, reals: readonly unknown[]): unknown {
  if (inputs.length > 1 && inputs.length === reals.length) {
    return Object.fromEntries(inputs.map(({ name }, i) => [name, reals[i]]));
  }
  const [first] = reals;
  return reals.length === 1 && typeof first === 'object' ? first : reals;
}
