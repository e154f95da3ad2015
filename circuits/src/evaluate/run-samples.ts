import type { Network } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { interpret, type Trace } from '../interpret/interpret.ts';
import { quantizeInputs } from '../interpret/quantize-inputs.ts';

/** What becomes of one sample. */
export interface SampleRun {
  readonly index: number;
  readonly trace: Trace;
  /** Input elements that had to be clamped into range. */
  readonly clamped: number;
}

/**
 * Runs the integer network on the samples [0, count) one after the other, from reals.
 * @param inputs for each input of the network, in its order, the samples one after the other
 * @throws InputError CORE_INPUT_NOT_FINITE
 */
export function* runSamples(
  network: Network,
  inputs: readonly Float32Array[],
  count: number,
): Generator<SampleRun> {
  const sizes = network.inputs.map(({ shape }) => elementCount(shape));
  for (let index = 0; index < count; index++) {
    const reals = sizes.map((size, i) => inputs[i]!.subarray(index * size, (index + 1) * size));
    const { integers, clampings } = quantizeInputs(network, reals);
    const clamped = clampings.reduce((sum, { count }) => sum + count, 0);
    yield { index, trace: interpret(network, integers), clamped };
  }
}
