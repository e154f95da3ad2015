/**
 * Reading `model.json` of a quantised network, strictly: every key known, every value of its kind.
 */
import {
  InputError,
  IntegrityError,
  parseJson,
  readArray,
  readConstant,
  readHexDigest,
  readInteger,
  readObject,
  readString,
  sha256Hex,
} from '@zkinfer/core';
import type { NetworkDescription } from './build-network.ts';
import type { Padding2d, Window2d } from './float-graph.ts';
import type { NetworkInput, NetworkOperation, NetworkOutput, OutputMeaning } from './network.ts';
import { readBiases, readWeights, type WeightSegment } from './weight-segments.ts';

type Described = NetworkDescription['nodes'][number];

const LOWEST = Number.MIN_SAFE_INTEGER;
const WINDOW_KEYS = ['padding', 'size', 'strides'] as const;

/**
 * The description that a model file holds. Shapes and ranges in it are not believed: they are
 * worked out again, and a file with others is not canonical.
 * @throws InputError CORE_JSON_SYNTAX, CORE_JSON_SHAPE, CIRCUITS_WEIGHTS_TRUNCATED; IntegrityError
 * CIRCUITS_WEIGHTS_DIGEST.
 */
export function readNetworkDescription(text: string, weights: Uint8Array): NetworkDescription {
  const document = readObject(parseJson(text, 'model.json'), 'model.json', [
    'format',
    'version',
    'name',
    'weights',
    'inputs',
    'nodes',
    'outputs',
  ]);
  readConstant(document.format, 'format', 'zkinfer-network');
  readConstant(document.version, 'version', 1);
  checkWeights(document.weights, weights);
  return {
    name: readString(document.name, 'name'),
    inputs: readArray(document.inputs, 'inputs').map((value, i) =>
      readInput(value, `inputs[${i}]`),
    ),
    nodes: readArray(document.nodes, 'nodes').map((value, i) =>
      readNode(value, `nodes[${i}]`, weights),
    ),
    outputs: readArray(document.outputs, 'outputs').map((value, i) =>
      readOutput(value, `outputs[${i}]`),
    ),
  };
}

function checkWeights(value: unknown, weights: Uint8Array): void {
  const record = readObject(value, 'weights', ['file', 'bytes', 'sha256']);
  readConstant(record.file, 'weights.file', 'weights.bin');
  readInteger(record.bytes, 'weights.bytes');
  const expected = readHexDigest(record.sha256, 'weights.sha256');
  const got = sha256Hex(weights);
  if (got === expected) return;
  throw new IntegrityError({
    code: 'CIRCUITS_WEIGHTS_DIGEST',
    what: 'weights.bin is not the file that model.json names',
    got: `SHA-256 ${got}, ${weights.length} bytes`,
    expected: `SHA-256 ${expected}, ${String(record.bytes)} bytes`,
    hint: 'Restore both files from one compilation, or compile the model again.',
  });
}

function readInput(value: unknown, path: string): NetworkInput {
  const input = readObject(value, path, ['name', 'shape', 'scale', 'lo', 'bits'], ['image']);
  const common = {
    name: readString(input.name, `${path}.name`),
    shape: readIntegers(input.shape, `${path}.shape`),
    scale: readNumber(input.scale, `${path}.scale`),
    lo: readInteger(input.lo, `${path}.lo`, LOWEST),
    bits: readInteger(input.bits, `${path}.bits`),
  };
  if (input.image === undefined) return common;
  const image = readObject(input.image, `${path}.image`, ['scale', 'offset']);
  return {
    ...common,
    image: {
      scale: readNumber(image.scale, `${path}.image.scale`),
      offset: readNumber(image.offset, `${path}.image.offset`),
    },
  };
}

function readOutput(value: unknown, path: string): NetworkOutput {
  const output = readObject(value, path, ['name', 'tensor', 'meaning', 'softmax'], ['labels']);
  const meanings: readonly string[] = ['logits', 'argmax', 'activation'];
  const meaning = readString(output.meaning, `${path}.meaning`);
  require(meanings.includes(meaning), `${path}.meaning`, meanings.join(', '));
  require(typeof output.softmax === 'boolean', `${path}.softmax`, 'a boolean');
  const common = {
    name: readString(output.name, `${path}.name`),
    tensor: readString(output.tensor, `${path}.tensor`),
    meaning: meaning as OutputMeaning,
    softmax: output.softmax as boolean,
  };
  if (output.labels === undefined) return common;
  const labels = readArray(output.labels, `${path}.labels`);
  return { ...common, labels: labels.map((label, i) => readString(label, `${path}.labels[${i}]`)) };
}

function readNode(value: unknown, path: string, weights: Uint8Array): Described {
  const keys = ['name', 'inputs', 'operation', 'shape', 'scale', 'range'] as const;
  const node = readObject(value, path, keys);
  const inputs = readArray(node.inputs, `${path}.inputs`);
  return {
    name: readString(node.name, `${path}.name`),
    inputs: inputs.map((input, i) => readString(input, `${path}.inputs[${i}]`)),
    operation: readOperation(node.operation, `${path}.operation`, weights),
    scale: readNumber(node.scale, `${path}.scale`),
  };
}

function readOperation(value: unknown, path: string, weights: Uint8Array): NetworkOperation {
  const kind = kindOf(value, path);
  const fields = <K extends string>(...keys: K[]) => readObject(value, path, ['kind', ...keys]);
  const int16 = (field: unknown, key: string) =>
    readWeights(weights, readSegment(field, `${path}.${key}`), `${path}.${key}`);
  const int64 = (field: unknown, key: string) =>
    readBiases(weights, readSegment(field, `${path}.${key}`), `${path}.${key}`);
  switch (kind) {
    case 'dense': {
      const f = fields('units', 'weights', 'bias');
      return {
        kind,
        units: readInteger(f.units, `${path}.units`, 1),
        weights: int16(f.weights, 'weights'),
        bias: int64(f.bias, 'bias'),
      };
    }
    case 'conv2d': {
      const f = fields('bias', 'dilations', 'groups', 'kernel', 'outputChannels', ...WINDOW_KEYS);
      return {
        kind,
        ...readWindow(f, path),
        dilations: readPair(f.dilations, `${path}.dilations`),
        groups: readInteger(f.groups, `${path}.groups`, 1),
        outputChannels: readInteger(f.outputChannels, `${path}.outputChannels`, 1),
        kernel: int16(f.kernel, 'kernel'),
        bias: int64(f.bias, 'bias'),
      };
    }
    case 'affine': {
      const f = fields('weights', 'bias');
      return { kind, weights: int16(f.weights, 'weights'), bias: int64(f.bias, 'bias') };
    }
    case 'averagePool2d':
    case 'maxPool2d':
      return { kind, ...readWindow(fields(...WINDOW_KEYS), path) };
    case 'add':
      return { kind, multipliers: readIntegers(fields('multipliers').multipliers, path) };
    case 'concat': {
      const f = fields('axis', 'multipliers');
      return {
        kind,
        axis: readInteger(f.axis, `${path}.axis`),
        multipliers: readIntegers(f.multipliers, `${path}.multipliers`),
      };
    }
    case 'reshape':
      return { kind, shape: readIntegers(fields('shape').shape, `${path}.shape`) };
    case 'transpose':
      return { kind, permutation: readIntegers(fields('permutation').permutation, path) };
    case 'pad2d':
      return { kind, padding: readPadding(fields('padding').padding, `${path}.padding`) };
    case 'requantize': {
      const f = fields('multipliers', 'shift', 'lo', 'hi');
      return {
        kind,
        multipliers: readIntegers(f.multipliers, `${path}.multipliers`),
        shift: readInteger(f.shift, `${path}.shift`),
        lo: readInteger(f.lo, `${path}.lo`, LOWEST),
        hi: readInteger(f.hi, `${path}.hi`, LOWEST),
      };
    }
    case 'leakyRelu': {
      const f = fields('slope', 'shift');
      return {
        kind,
        slope: readInteger(f.slope, `${path}.slope`),
        shift: readInteger(f.shift, `${path}.shift`),
      };
    }
    case 'table': {
      const f = fields('lo', 'table');
      return {
        kind,
        lo: readInteger(f.lo, `${path}.lo`, LOWEST),
        table: readIntegers(f.table, `${path}.table`),
      };
    }
    case 'argmax':
      fields();
      return { kind };
    default:
      throw badValue(`${path}.kind`, 'an operator of a quantised network');
  }
}

function kindOf(value: unknown, path: string): string {
  const isObject = typeof value === 'object' && value !== null && 'kind' in value;
  require(isObject, path, 'an operation');
  return readString((value as { kind: unknown }).kind, `${path}.kind`);
}

function readWindow(
  fields: Record<'padding' | 'size' | 'strides', unknown>,
  path: string,
): Window2d {
  return {
    size: readPair(fields.size, `${path}.size`),
    strides: readPair(fields.strides, `${path}.strides`),
    padding: readPadding(fields.padding, `${path}.padding`),
  };
}

function readPadding(value: unknown, path: string): Padding2d {
  const { top, bottom, left, right } = readObject(value, path, ['top', 'bottom', 'left', 'right']);
  return {
    top: readInteger(top, `${path}.top`),
    bottom: readInteger(bottom, `${path}.bottom`),
    left: readInteger(left, `${path}.left`),
    right: readInteger(right, `${path}.right`),
  };
}

function readPair(value: unknown, path: string): [number, number] {
  const pair = readArray(value, path);
  require(pair.length === 2, path, 'two integers');
  return [readInteger(pair[0], `${path}[0]`, 1), readInteger(pair[1], `${path}[1]`, 1)];
}

function readIntegers(value: unknown, path: string): number[] {
  return readArray(value, path).map((item, i) => readInteger(item, `${path}[${i}]`, LOWEST));
}

function readSegment(value: unknown, path: string): WeightSegment {
  const { type, offset, count } = readObject(value, path, ['type', 'offset', 'count']);
  require(type === 'int16' || type === 'int64', `${path}.type`, 'int16 or int64');
  return {
    type: type as WeightSegment['type'],
    offset: readInteger(offset, `${path}.offset`),
    count: readInteger(count, `${path}.count`),
  };
}

function readNumber(value: unknown, path: string): number {
  require(typeof value === 'number' && Number.isFinite(value), path, 'a finite number');
  return value as number;
}

function require(condition: boolean, path: string, expected: string): void {
  if (!condition) throw badValue(path, expected);
}

function badValue(path: string, expected: string): InputError {
  return new InputError({ code: 'CORE_JSON_SHAPE', what: path, expected });
}
