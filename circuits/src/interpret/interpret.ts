import { InputError } from '@zkinfer/core';
import type { IntegerArray } from '../graph/integer-array.ts';
import type { Network } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { prepareNetwork } from './prepare-network.ts';

/** Every tensor of one run, by name: inputs and each node's output. */
export type Trace = ReadonlyMap<string, IntegerArray>;

/**
 * Runs the quantised network on integers: the oracle that witness, circuit and all backends must
 * agree with.
 *
 * @param inputs one array for each network input, in order, elements within the input's range
 * @throws InputError CIRCUITS_INPUT_COUNT, CIRCUITS_INPUT_SHAPE, CIRCUITS_INPUT_RANGE.
 */
export function interpret(network: Network, inputs: readonly Float64Array[]): Trace {
  requireInputs(network, inputs);
  const { steps } = prepareNetwork(network);
  const trace = new Map<string, IntegerArray>();
  network.inputs.forEach((input, i) => {
    trace.set(input.name, inputs[i]!);
  });
  network.nodes.forEach((node, i) => {
    const operands = node.inputs.map((name) => trace.get(name)!);
    trace.set(node.name, steps[i]!(operands));
  });
  return trace;
}

/** The arrays of a network's outputs, in order. */
export function outputsOf(network: Network, trace: Trace): IntegerArray[] {
  return network.outputs.map((output) => trace.get(output.tensor)!);
}

/**
 * Whether these are inputs that the network takes: their number, shapes and ranges.
 * @throws InputError CIRCUITS_INPUT_COUNT, CIRCUITS_INPUT_SHAPE, CIRCUITS_INPUT_RANGE
 */
export function requireInputs(network: Network, inputs: readonly Float64Array[]): void {
  if (inputs.length !== network.inputs.length) {
    throw new InputError({
      code: 'CIRCUITS_INPUT_COUNT',
      what: `${network.name} was given another number of inputs than it has`,
      got: `${inputs.length}`,
      expected: `${network.inputs.length}`,
    });
  }
  network.inputs.forEach((input, i) => {
    const values = inputs[i]!;
    if (values.length !== elementCount(input.shape)) {
      throw new InputError({
        code: 'CIRCUITS_INPUT_SHAPE',
        what: `input ${input.name} has another number of elements`,
        got: `${values.length}`,
        expected: `${elementCount(input.shape)} for [${input.shape.join(', ')}]`,
      });
    }
    const greatest = input.lo + 2 ** input.bits - 1;
    for (let element = 0; element < values.length; element++) {
      const value = values[element]!;
      if (Number.isInteger(value) && value >= input.lo && value <= greatest) continue;
      throw new InputError({
        code: 'CIRCUITS_INPUT_RANGE',
        what: `element ${element} of input ${input.name} is not an integer in its range`,
        expected: `an integer in [${input.lo}, ${greatest}]`,
      });
    }
  });
}
