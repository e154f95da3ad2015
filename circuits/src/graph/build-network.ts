import { InputError } from '@zkinfer/core';
import type { Window2d } from './float-graph.ts';
import { averagingDivisor } from './linear/average-pool2d-map.ts';
import type {
  Network,
  NetworkInput,
  NetworkNode,
  NetworkOperation,
  NetworkOutput,
  TensorInfo,
} from './network.ts';
import { outputShapeOf } from './output-shape.ts';
import { outputRangesOf, overallRange, type RangedTensor, uniformRanges } from './ranges.ts';

/** A network before its shapes and ranges are worked out. */
export interface NetworkDescription {
  readonly name: string;
  readonly inputs: readonly NetworkInput[];
  /** In evaluation order, each with the real value of one unit of its output. */
  readonly nodes: readonly (NetworkNode & { readonly scale: number })[];
  readonly outputs: readonly NetworkOutput[];
}

const MAX_INPUT_BITS = 32;
const MAX_SHIFT = 61;
const MAX_TABLE_LENGTH = 256;
/** Multipliers, bounds and table entries fit 32-bit signed integers. */
const LIMIT_32 = 2 ** 31;

/**
 * Works out shapes and static ranges, and checks that the description means something: the one way
 * to a Network.
 * @throws InputError CIRCUITS_NETWORK_INVALID, CIRCUITS_SHAPE_MISMATCH,
 * CIRCUITS_ACCUMULATOR_TOO_WIDE.
 */
export function buildNetwork(description: NetworkDescription): Network {
  const ranged = rangedTensorsOf(description.inputs, description.nodes);
  const tensors = new Map<string, TensorInfo>();
  for (const { name, scale } of [...description.inputs, ...description.nodes]) {
    require(Number.isFinite(scale) && scale > 0, `tensor ${name} has scale ${scale}`);
    const { shape, ranges } = ranged.get(name)!;
    tensors.set(name, { shape, scale, ...overallRange(ranges) });
  }
  for (const output of description.outputs) {
    require(tensors.has(output.tensor), `output ${output.name} names no tensor: ${output.tensor}`);
  }
  require(description.inputs.length > 0, 'it has no input');
  require(description.outputs.length > 0, 'it has no output');
  return {
    name: description.name,
    inputs: description.inputs,
    nodes: description.nodes.map(({ name, operation, inputs }) => ({ name, operation, inputs })),
    outputs: description.outputs,
    tensors,
  };
}

/** Shape and per-element static ranges of every tensor of a network, by name. */
export function rangedTensorsOf(
  inputs: readonly NetworkInput[],
  nodes: readonly NetworkNode[],
): Map<string, RangedTensor> {
  const tensors = new Map<string, RangedTensor>();
  for (const input of inputs) {
    checkInput(input, tensors);
    const { shape, lo, bits } = input;
    tensors.set(input.name, { shape, ranges: uniformRanges(shape, lo, lo + 2 ** bits - 1) });
  }
  for (const node of nodes) {
    require(!tensors.has(node.name), `two tensors are named ${node.name}`);
    const operands = node.inputs.map((name) => {
      const tensor = tensors.get(name);
      require(tensor !== undefined, `${node.name} reads ${name}, which is not computed before it`);
      return tensor!;
    });
    checkParameters(node.name, node.operation, operands);
    const shapes = operands.map((operand) => operand.shape);
    const shape = outputShapeOf(node.name, node.operation, shapes);
    checkDivisor(node, shapes[0]!);
    tensors.set(node.name, { shape, ranges: outputRangesOf(node, operands, shape) });
  }
  return tensors;
}

function checkInput(input: NetworkInput, before: ReadonlyMap<string, RangedTensor>): void {
  const { name, shape, lo, bits } = input;
  require(!before.has(name), `two inputs are named ${name}`);
  require(shape.every(isPositiveInteger), `input ${name} has shape [${shape.join(', ')}]`);
  require(Number.isInteger(bits) &&
    bits >= 1 &&
    bits <= MAX_INPUT_BITS, `input ${name} has ${bits} bits`);
  require(Number.isInteger(lo) &&
    lo >= -LIMIT_32 &&
    lo + 2 ** bits <= LIMIT_32, `input ${name} starts at ${lo}, beyond 32-bit integers`);
}

function checkParameters(
  name: string,
  operation: NetworkOperation,
  operands: readonly RangedTensor[],
): void {
  switch (operation.kind) {
    case 'dense':
      require(isPositiveInteger(operation.units), `${name} has ${operation.units} units`);
      checkBias(name, operation.bias);
      return;
    case 'conv2d': {
      const { dilations, groups, outputChannels } = operation;
      const counts = [...dilations, groups, outputChannels];
      require(counts.every(isPositiveInteger), `${name} has dilations, groups or channels below 1`);
      checkWindow(name, operation);
      checkBias(name, operation.bias);
      return;
    }
    case 'affine':
      checkBias(name, operation.bias);
      return;
    case 'maxPool2d':
    case 'averagePool2d':
      checkWindow(name, operation);
      return;
    case 'pad2d':
      checkPadding(name, operation.padding);
      return;
    case 'reshape':
      require(operation.shape.every(
        isPositiveInteger,
      ), `${name} has shape [${operation.shape.join(', ')}]`);
      return;
    case 'concat':
      require(Number.isInteger(operation.axis) &&
        operation.axis >= 0, `${name} joins along axis ${operation.axis}`);
      checkMultipliers(name, operation.multipliers);
      return;
    case 'add':
      checkMultipliers(name, operation.multipliers);
      return;
    case 'requantize': {
      const { multipliers, shift, lo, hi } = operation;
      require(multipliers.every((m) => isPositiveInteger(m) && m < LIMIT_32) &&
        Number.isInteger(shift) &&
        shift >= 0 &&
        shift <= MAX_SHIFT, `${name} has multipliers ${multipliers.join(', ')} and shift ${shift}`);
      require(Number.isInteger(lo) &&
        Number.isInteger(hi) &&
        lo < hi &&
        Math.max(-lo, hi) < LIMIT_32, `${name} clamps to [${lo}, ${hi}]`);
      return;
    }
    case 'leakyRelu': {
      const { slope, shift } = operation;
      const fits = Number.isInteger(shift) && shift >= 1 && shift <= 30 && Number.isInteger(slope);
      require(fits && slope >= 0 && slope < 2 ** shift, `${name} has slope ${slope} / 2^${shift}`);
      return;
    }
    case 'table':
      checkTable(name, operation, operands[0]!);
      return;
    default:
      return;
  }
}

function checkTable(
  name: string,
  { lo, table }: NetworkOperation & { kind: 'table' },
  input: RangedTensor,
): void {
  const length = table.length;
  require(length >= 2 &&
    length <= MAX_TABLE_LENGTH &&
    Number.isInteger(Math.log2(length)), `${name} has a table of ${length} entries`);
  require(table.every(
    (entry) => Number.isInteger(entry) && Math.abs(entry) < LIMIT_32,
  ), `${name} has a table entry that is no 32-bit integer`);
  const range = overallRange(input.ranges);
  require(range.lo >= lo &&
    range.hi <
      lo +
        length, `${name} looks up [${range.lo}, ${range.hi}] in a table from ${lo} of ${length} entries`);
}

/**
 * The weights of an average pooling divide this number: beyond the safe integers they would be
 * rounded.
 */
function checkDivisor({ name, operation }: NetworkNode, image: readonly number[]): void {
  if (operation.kind !== 'averagePool2d') return;
  const divisor = averagingDivisor(operation, [image[0]!, image[1]!]);
  require(Number.isSafeInteger(divisor), `${name} averages over counts without a common multiple`);
}

function checkBias(name: string, bias: Float64Array): void {
  require(bias.every(Number.isSafeInteger), `${name} has a bias that is no integer`);
}

function checkMultipliers(name: string, multipliers: readonly number[]): void {
  require(multipliers.every(
    (m) => Number.isSafeInteger(m) && m !== 0,
  ), `${name} has multipliers ${multipliers.join(', ')}`);
}

function checkWindow(name: string, { size, strides, padding }: Window2d): void {
  require([...size, ...strides].every(
    isPositiveInteger,
  ), `${name} has a window of [${size.join(', ')}] moving by [${strides.join(', ')}]`);
  checkPadding(name, padding);
}

function checkPadding(name: string, { top, bottom, left, right }: Window2d['padding']): void {
  const margins = [top, bottom, left, right];
  require(margins.every(
    (margin) => margin === 0 || isPositiveInteger(margin),
  ), `${name} is padded by ${margins.join(', ')}`);
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function require(condition: boolean, complaint: string): void {
  if (condition) return;
  throw new InputError({
    code: 'CIRCUITS_NETWORK_INVALID',
    what: `the quantised network is not valid: ${complaint}`,
  });
}
