import { type Clamping, quantizeInput } from '@zkinfer/core';
import type { Network } from '../graph/network.ts';

/** Integers for each input of a network, and what clamping did to them. */
export interface QuantizedInputs {
  readonly integers: readonly Float64Array[];
  /** In the order of the inputs. */
  readonly clampings: readonly Clamping[];
}

/**
 * Turns reals, one array for each input of the network, into the integers that it takes.
 * @param options.strict refuse reals outside the calibrated range in place of clamping them
 * @throws InputError CORE_INPUT_NOT_FINITE, CORE_INPUT_OUT_OF_RANGE (strict)
 */
export function quantizeInputs(
  network: Network,
  reals: readonly ArrayLike<number>[],
  options: { readonly strict?: boolean } = {},
): QuantizedInputs {
  const quantized = network.inputs.map((input, i) => quantizeInput(reals[i]!, input, options));
  return {
    integers: quantized.map(({ values }) => Float64Array.from(values)),
    clampings: quantized.map(({ clamping }) => clamping),
  };
}
