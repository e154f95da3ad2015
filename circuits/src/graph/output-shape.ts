import { InputError } from '@zkinfer/core';
import type { Window2d } from './float-graph.ts';
import { isLinear, linearMapOf } from './linear/linear-map-of.ts';
import type { NetworkOperation } from './network.ts';
import { elementCount, windowedSize } from './shape.ts';

type Shape = readonly number[];

/**
 * The shape of an operator's output for inputs of these shapes.
 * @throws InputError CIRCUITS_SHAPE_MISMATCH where operator and inputs do not fit each other.
 */
export function outputShapeOf(
  name: string,
  operation: NetworkOperation,
  inputs: readonly Shape[],
): Shape {
  const mismatch = mismatchOf(operation, inputs);
  if (mismatch !== undefined) {
    throw new InputError({
      code: 'CIRCUITS_SHAPE_MISMATCH',
      what: `operator ${name} (${operation.kind}) does not fit its inputs: ${mismatch}`,
      got: inputs.map((shape) => `[${shape.join(', ')}]`).join(' and '),
    });
  }
  if (isLinear(operation)) return linearMapOf(operation, inputs).outputShape;
  switch (operation.kind) {
    case 'maxPool2d': {
      const [rows, columns, channels] = inputs[0] as [number, number, number];
      return [...windowedSize([rows, columns], operation), channels];
    }
    case 'argmax':
      return [1];
    default:
      return inputs[0]!;
  }
}

/** Why an operator cannot take these inputs, or undefined. */
function mismatchOf(operation: NetworkOperation, inputs: readonly Shape[]): string | undefined {
  const several = operation.kind === 'add' || operation.kind === 'concat';
  const first = inputs[0];
  if (first === undefined || (!several && inputs.length !== 1)) return `${inputs.length} inputs`;
  const channels = first[first.length - 1] ?? 1;
  switch (operation.kind) {
    case 'dense':
      return first.length === 1 &&
        operation.weights.length === first[0]! * operation.units &&
        operation.bias.length === operation.units
        ? undefined
        : `weights of ${operation.weights.length} for ${operation.units} units`;
    case 'conv2d':
      return conv2dMismatch(operation, first);
    case 'affine':
      return operation.weights.length === channels && operation.bias.length === channels
        ? undefined
        : `${operation.weights.length} weights for ${channels} channels`;
    case 'averagePool2d':
    case 'maxPool2d':
      return (
        emptyWindowMismatch(operation) ??
        windowMismatch(first, windowedSize([first[0]!, first[1]!], operation))
      );
    case 'pad2d':
      return first.length === 3 ? undefined : 'expected an image';
    case 'add':
      return inputs.length === operation.multipliers.length &&
        inputs.every((shape) => shape.join() === first.join())
        ? undefined
        : 'expected equal shapes, one multiplier each';
    case 'concat':
      return concatMismatch(operation.axis, operation.multipliers.length, inputs);
    case 'reshape':
      return elementCount(operation.shape) === elementCount(first)
        ? undefined
        : `another number of elements than [${operation.shape.join(', ')}]`;
    case 'transpose':
      return [...operation.permutation].sort((a, b) => a - b).join() === [...first.keys()].join()
        ? undefined
        : `permutation ${operation.permutation.join()}`;
    case 'requantize':
      return operation.multipliers.length === 1 || operation.multipliers.length === channels
        ? undefined
        : `${operation.multipliers.length} multipliers for ${channels} channels`;
    case 'leakyRelu':
    case 'table':
    case 'argmax':
      return undefined;
  }
}

function conv2dMismatch(
  operation: NetworkOperation & { kind: 'conv2d' },
  input: Shape,
): string | undefined {
  if (input.length !== 3) return 'expected an image';
  const { groups, outputChannels, size, kernel, bias } = operation;
  const channels = input[2]!;
  if (channels % groups !== 0 || outputChannels % groups !== 0) return `${groups} groups`;
  const weights = size[0] * size[1] * (channels / groups) * outputChannels;
  if (kernel.length !== weights) return `a kernel of ${kernel.length} weights, needed ${weights}`;
  if (bias.length !== outputChannels) return `${bias.length} biases for ${outputChannels} channels`;
  return windowMismatch(
    input,
    windowedSize([input[0]!, input[1]!], operation, operation.dilations),
  );
}

/** A window that could lie wholly on padding has no maximum and no mean. */
function emptyWindowMismatch({ size, padding }: Window2d): string | undefined {
  const { top, bottom, left, right } = padding;
  const overlaps = Math.max(top, bottom) < size[0] && Math.max(left, right) < size[1];
  return overlaps ? undefined : 'the padding is as large as the window';
}

function windowMismatch(input: Shape, output: readonly [number, number]): string | undefined {
  if (input.length !== 3) return 'expected an image';
  return output[0] >= 1 && output[1] >= 1 ? undefined : 'the window is larger than the image';
}

function concatMismatch(
  axis: number,
  multipliers: number,
  inputs: readonly Shape[],
): string | undefined {
  if (inputs.length !== multipliers)
    return `${multipliers} multipliers for ${inputs.length} inputs`;
  const rest = (shape: Shape): string => shape.filter((_, i) => i !== axis).join();
  const fits = inputs.every((shape) => axis < shape.length && rest(shape) === rest(inputs[0]!));
  return fits ? undefined : `shapes that differ on another axis than ${axis}`;
}
