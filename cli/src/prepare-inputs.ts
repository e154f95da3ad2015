import { type Network, type QuantizedInputs, quantizeInputs } from '@zkinfer/circuits';
import { formatReal } from './format-quantity.ts';
import type { Output } from './output.ts';
import { readInput } from './read-input.ts';

/**
 * Reads a file of reals for a network and quantises them. Says so when reals outside the calibrated
 * range were clamped.
 * @throws InputError as `readInput` and `quantizeInputs`
 */
export async function prepareInputs(
  network: Network,
  path: string,
  { strict, output }: { readonly strict: boolean; readonly output: Output },
): Promise<QuantizedInputs> {
  const quantized = quantizeInputs(network, await readInput(path, network.inputs), { strict });
  quantized.clampings.forEach(({ count, largestExcess }, i) => {
    if (count === 0) return;
    const { name, scale } = network.inputs[i]!;
    output.note(
      `warning: ${count} of ${quantized.integers[i]!.length} elements of input "${name}" lay outside the calibrated ` +
        `range, by up to ${formatReal(largestExcess * scale)}, and were clamped (--strict refuses them)`,
    );
  });
  return quantized;
}
