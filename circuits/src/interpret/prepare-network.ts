import { argmax } from '../graph/argmax.ts';
import { rangedTensorsOf } from '../graph/build-network.ts';
import { type Integer, type IntegerArray, isWide } from '../graph/integer-array.ts';
import { isLinear, linearMapOf } from '../graph/linear/linear-map-of.ts';
import { maxPool } from '../graph/max-pool.ts';
import type { Network, NetworkNode, NonlinearOperator } from '../graph/network.ts';
import { leakyRelu, multiplierOf, requantizeValue, tableValue } from '../graph/nonlinear.ts';
import type { RangedTensor } from '../graph/ranges.ts';
import { evaluateLinear, evaluateWide } from './evaluate-linear.ts';
import { conv2dKernel, denseKernel } from './linear-kernels.ts';
import { fitsRequantizeKernel, requantizeKernel } from './requantize-kernel.ts';

/** Computes one node's output from its operands. */
export type Step = (operands: readonly IntegerArray[]) => IntegerArray;

/** What running a network needs beyond its description. */
export interface PreparedNetwork {
  /** Shape and per-element static ranges of every tensor, by name. */
  readonly tensors: ReadonlyMap<string, RangedTensor>;
  /** One for each node, in order. */
  readonly steps: readonly Step[];
}

const prepared = new WeakMap<Network, PreparedNetwork>();

/**
 * How each node is computed, worked out once for a network: the choice of kernel depends on static
 * ranges.
 */
export function prepareNetwork(network: Network): PreparedNetwork {
  const known = prepared.get(network);
  if (known !== undefined) return known;
  const tensors = rangedTensorsOf(network.inputs, network.nodes);
  const steps = network.nodes.map((node) => stepOf(node, tensors));
  prepared.set(network, { tensors, steps });
  return { tensors, steps };
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
