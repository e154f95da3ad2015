import { InputError } from '@zkinfer/core';
import { rangedTensorsOf } from '../graph/build-network.ts';
import { type Integer, type IntegerArray, isWide } from '../graph/integer-array.ts';
import type { LinearMap } from '../graph/linear/linear-map.ts';
import { isLinear, linearMapOf } from '../graph/linear/linear-map-of.ts';
import { maxPool } from '../graph/max-pool.ts';
import type { Network, NetworkNode, NonlinearOperator } from '../graph/network.ts';
import { leakyRelu, multiplierOf, requantizeValue, tableValue } from '../graph/nonlinear.ts';
import type { RangedTensor } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import { conv2dKernel, denseKernel } from './linear-kernels.ts';
import { fitsRequantizeKernel, requantizeKernel } from './requantize-kernel.ts';

/** Every tensor of one run, by name: inputs and each node's output. */
export type Trace = ReadonlyMap<string, IntegerArray>;

/** Computes one node's output from its operands. */
type Step = (operands: readonly IntegerArray[]) => IntegerArray;

const preparedSteps = new WeakMap<Network, readonly Step[]>();

/**
 * Runs the quantised network on integers: the oracle that witness, circuit and all backends must
 * agree with.
 *
 * @param inputs one array for each network input, in order, elements within the input's range
 * @throws InputError CIRCUITS_INPUT_COUNT, CIRCUITS_INPUT_SHAPE, CIRCUITS_INPUT_RANGE.
 */
export function interpret(network: Network, inputs: readonly Float64Array[]): Trace {
  checkInputs(network, inputs);
  const steps = stepsOf(network);
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
 * How each node is computed, worked out once for a network: the choice of kernel depends on static
 * ranges.
 */
function stepsOf(network: Network): readonly Step[] {
  const known = preparedSteps.get(network);
  if (known !== undefined) return known;
  const tensors = rangedTensorsOf(network.inputs, network.nodes);
  const steps = network.nodes.map((node) => stepOf(node, tensors));
  preparedSteps.set(network, steps);
  return steps;
}

function stepOf(node: NetworkNode, tensors: ReadonlyMap<string, RangedTensor>): Step {
  const operands = node.inputs.map((name) => tensors.get(name)!);
  const output = tensors.get(node.name)!;
  const wide = isWide(output.ranges.lo) || operands.some(({ ranges }) => isWide(ranges.lo));
  const shapes = operands.map((operand) => operand.shape);
  const { operation } = node;
  if (!isLinear(operation)) return nonlinearStep(operation, operands[0]!, output);
  const map = linearMapOf(operation, shapes);
  if (wide) return (arrays) => evaluateWide(map, arrays);
  if (operation.kind === 'dense') {
    return ([input]) => denseKernel(operation, input as Float64Array);
  }
  if (operation.kind === 'conv2d') {
    const image = shapes[0] as [number, number, number];
    return ([input]) => conv2dKernel(operation, image, input as Float64Array);
  }
  return (arrays) => evaluateLinear(map, arrays as Float64Array[]);
}

/**
 * A linear operator straight from its definition, in doubles: for the light operators, and the slow
 * twin of the kernels.
 */
export function evaluateLinear(map: LinearMap, operands: readonly Float64Array[]): Float64Array {
  const output = new Float64Array(elementCount(map.outputShape));
  for (let element = 0; element < output.length; element++) {
    let sum = map.bias(element);
    map.terms(element, (input, index, weight) => {
      sum += weight * operands[input]![index]!;
    });
    output[element] = sum;
  }
  return output;
}

/** The same in 64-bit integers, for accumulators beyond the safe integers. */
export function evaluateWide(map: LinearMap, operands: readonly IntegerArray[]): BigInt64Array {
  const output = new BigInt64Array(elementCount(map.outputShape));
  for (let element = 0; element < output.length; element++) {
    let sum = BigInt(map.bias(element));
    map.terms(element, (input, index, weight) => {
      sum += BigInt(weight) * BigInt(operands[input]![index]!);
    });
    output[element] = sum;
  }
  return output;
}

function nonlinearStep(
  operation: NonlinearOperator,
  input: RangedTensor,
  output: RangedTensor,
): Step {
  switch (operation.kind) {
    case 'requantize':
      if (fitsRequantizeKernel(operation, input.ranges)) {
        return ([array]) => requantizeKernel(operation, array as Float64Array);
      }
      return ([array]) =>
        mapElements(array!, (x, i) => requantizeValue(x, multiplierOf(operation, i), operation));
    case 'table':
      return ([array]) => mapElements(array!, (x) => tableValue(x, operation));
    case 'leakyRelu':
      return isWide(output.ranges.lo)
        ? ([array]) => BigInt64Array.from(leakyRelu(array!, operation))
        : ([array]) => Float64Array.from(leakyRelu(array!, operation), Number);
    case 'maxPool2d':
      return ([array]) => maxPool(operation, input.shape, output.shape, array!);
    case 'argmax':
      return ([array]) => Float64Array.of(argmax(array!));
  }
}

function mapElements(
  input: IntegerArray,
  apply: (x: Integer, element: number) => number,
): Float64Array {
  const output = new Float64Array(input.length);
  for (let i = 0; i < input.length; i++) output[i] = apply(input[i]!, i);
  return output;
}

/** The lowest index of a largest element. */
export function argmax(values: ArrayLike<Integer>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function checkInputs(network: Network, inputs: readonly Float64Array[]): void {
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
