import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { chainOf, networkOf } from '../testing/network-sketch.ts';
import { requantize, UNPADDED } from '../testing/random-operations.ts';
import { buildNetwork, type NetworkDescription } from './build-network.ts';
import type { NetworkOperation } from './network.ts';

const refuses = (code: string, build: () => unknown, what = code) =>
  assert.throws(build, (error) => error instanceof InputError && error.code === code, what);

const image = { shape: [4, 4, 2] };
const window = { size: [2, 2], strides: [2, 2], padding: UNPADDED } as const;
const dense = (inputs: number, units: number): NetworkOperation => ({
  kind: 'dense',
  units,
  weights: new Int16Array(inputs * units).fill(1),
  bias: new Float64Array(units),
});
const conv = (changes: object = {}): NetworkOperation => ({
  kind: 'conv2d',
  ...window,
  dilations: [1, 1],
  groups: 1,
  outputChannels: 2,
  kernel: new Int16Array(16),
  bias: new Float64Array(2),
  ...changes,
});
const table = (entries: number[], lo = 0): NetworkOperation => ({
  kind: 'table',
  lo,
  table: entries,
});

/** Parameters that mean nothing, each beside one that does. */
const PARAMETERS: Record<string, [object, NetworkOperation, NetworkOperation]> = {
  'a bias that is no integer': [
    { shape: [2] },
    dense(2, 1),
    { ...dense(2, 1), bias: Float64Array.of(0.5) } as NetworkOperation,
  ],
  'a bias beyond the safe integers': [
    { shape: [2] },
    dense(2, 1),
    { ...dense(2, 1), bias: Float64Array.of(2 ** 53) } as NetworkOperation,
  ],
  'no units': [{ shape: [2] }, dense(2, 1), dense(2, 0)],
  'a stride of 0': [image, conv(), conv({ strides: [0, 1] })],
  'a dilation of 0': [image, conv(), conv({ dilations: [1, 0] })],
  'groups of 0': [image, conv(), conv({ groups: 0 })],
  'negative padding': [image, conv(), conv({ padding: { ...UNPADDED, left: -1 } })],
  'a pooling window of 0': [
    image,
    { kind: 'maxPool2d', ...window },
    { kind: 'maxPool2d', ...window, size: [0, 2] },
  ],
  'padding by a fraction': [
    image,
    { kind: 'pad2d', padding: UNPADDED },
    { kind: 'pad2d', padding: { ...UNPADDED, top: 0.5 } },
  ],
  'a multiplier of 0 in a sum': [
    { shape: [1] },
    { kind: 'add', multipliers: [-1] },
    { kind: 'add', multipliers: [0] },
  ],
  'a negative axis': [
    image,
    { kind: 'concat', axis: 2, multipliers: [1] },
    { kind: 'concat', axis: -1, multipliers: [1] },
  ],
  'negative dimensions': [
    image,
    { kind: 'reshape', shape: [4, 8] },
    { kind: 'reshape', shape: [-4, -8] },
  ],
  'equal bounds': [{ shape: [1] }, requantize(1, 0, 1), requantize(1, 1, 1)],
  'bounds beyond 32 bits': [
    { shape: [1] },
    requantize(1, 0, 2 ** 31 - 1),
    requantize(1, 0, 2 ** 31),
  ],
  'a shift of 62': [{ shape: [1] }, requantize(61, 0, 1), requantize(62, 0, 1)],
  'a multiplier of 0': [{ shape: [1] }, requantize(1, 0, 1, [1]), requantize(1, 0, 1, [0])],
  'a multiplier of 32 bits': [
    { shape: [1] },
    requantize(1, 0, 1, [2 ** 31 - 1]),
    requantize(1, 0, 1, [2 ** 31]),
  ],
  'a slope of 1': [
    { shape: [1] },
    { kind: 'leakyRelu', slope: 3, shift: 2 },
    { kind: 'leakyRelu', slope: 4, shift: 2 },
  ],
  'a negative slope': [
    { shape: [1] },
    { kind: 'leakyRelu', slope: 0, shift: 2 },
    { kind: 'leakyRelu', slope: -1, shift: 2 },
  ],
  'a table of another length than a power of two': [
    { shape: [1], bits: 1 },
    table([1, 2]),
    table([1, 2, 3]),
  ],
  'a table that ends before its input': [
    { shape: [1], bits: 2 },
    table([1, 2, 3, 4]),
    table([1, 2]),
  ],
  'a table that starts after its input': [
    { shape: [1], lo: -1, bits: 1 },
    table([1, 2], -1),
    table([1, 2, 3, 4], 0),
  ],
  'a table entry that is no integer': [{ shape: [1], bits: 1 }, table([1, 2]), table([1, 0.5])],
  'a table entry beyond 32 bits': [
    { shape: [1], bits: 1 },
    table([1, 2 ** 31 - 1]),
    table([1, 2 ** 31]),
  ],
};

for (const [name, [input, good, bad]] of Object.entries(PARAMETERS)) {
  test(`a network is refused for ${name}`, () => {
    chainOf(input as { shape: number[] }, good);
    refuses('CIRCUITS_NETWORK_INVALID', () => chainOf(input as { shape: number[] }, bad));
  });
}

test('operators are refused on inputs of other shapes', () => {
  const misfits: [number[], NetworkOperation][] = [
    [[3], dense(2, 1)],
    [[2, 1], dense(2, 1)],
    [[4, 4], conv()],
    [[4, 4, 3], conv()],
    [[4, 4, 2], conv({ groups: 3 })],
    [[4, 4, 2], conv({ bias: new Float64Array(3) })],
    [[1, 4, 2], conv()],
    [[4, 4, 2], { kind: 'affine', weights: new Int16Array(3), bias: new Float64Array(3) }],
    [[4, 4], { kind: 'maxPool2d', ...window }],
    [[1, 1, 1], { kind: 'averagePool2d', ...window }],
    [[4, 4, 1], { kind: 'maxPool2d', ...window, padding: { ...UNPADDED, bottom: 2 } }],
    [[4], { kind: 'pad2d', padding: UNPADDED }],
    [[2], { kind: 'add', multipliers: [1, 1] }],
    [[2], { kind: 'concat', axis: 1, multipliers: [1] }],
    [[2], { kind: 'reshape', shape: [3] }],
    [[2, 3], { kind: 'transpose', permutation: [0] }],
    [[2, 3], { kind: 'transpose', permutation: [0, 0] }],
    [[2, 3], requantize(1, 0, 1, [1, 2])],
  ];
  for (const [shape, operation] of misfits) {
    const what = `${operation.kind} on [${shape.join()}]`;
    refuses('CIRCUITS_SHAPE_MISMATCH', () => chainOf({ shape }, operation), what);
  }
  const pair = [
    { name: 'a', shape: [1, 23] },
    { name: 'b', shape: [12, 3] },
  ];
  const join: NetworkOperation = { kind: 'concat', axis: 0, multipliers: [1, 1] };
  refuses('CIRCUITS_SHAPE_MISMATCH', () => networkOf(pair, [['c', join, 'a', 'b']]));
  refuses('CIRCUITS_SHAPE_MISMATCH', () => networkOf(pair, [['c', { kind: 'argmax' }, 'a', 'b']]));
  refuses('CIRCUITS_SHAPE_MISMATCH', () => networkOf(pair, [['c', { kind: 'argmax' }]]));
});

const description: NetworkDescription = {
  name: 'good',
  inputs: [{ name: 'x', shape: [2], scale: 0.5, lo: 0, bits: 8 }],
  nodes: [{ name: 'y', operation: { kind: 'argmax' }, inputs: ['x'], scale: 1 }],
  outputs: [{ name: 'o', tensor: 'y', meaning: 'argmax', softmax: false }],
};
const [input] = description.inputs;
const [node] = description.nodes;

test('a network holds the shape, scale and range of every tensor', () => {
  const { tensors } = buildNetwork(description);
  assert.deepEqual(tensors.get('x'), { shape: [2], scale: 0.5, lo: 0n, hi: 255n });
  assert.deepEqual(tensors.get('y'), { shape: [1], scale: 1, lo: 0n, hi: 1n });
});

test('a network is refused whose parts do not hang together', () => {
  const broken: Record<string, Partial<NetworkDescription>> = {
    'no input': { inputs: [], nodes: [], outputs: [] },
    'no output': { outputs: [] },
    'an output that is no tensor': { outputs: [{ ...description.outputs[0]!, tensor: 'z' }] },
    'two inputs of one name': { inputs: [input!, input!] },
    'two nodes of one name': { nodes: [node!, node!] },
    'a node named as an input': { nodes: [{ ...node!, name: 'x' }] },
    'a node that reads itself': { nodes: [{ ...node!, inputs: ['y'] }] },
    'a node that reads a later one': {
      nodes: [{ ...node!, name: 'first', inputs: ['y'] }, node!],
    },
    'a scale of 0': { nodes: [{ ...node!, scale: 0 }] },
    'a negative scale': { inputs: [{ ...input!, scale: -1 }] },
    'a scale that is no number': { inputs: [{ ...input!, scale: Number.NaN }] },
    'an input of no elements': { inputs: [{ ...input!, shape: [0] }] },
    'an input of no bits': { inputs: [{ ...input!, bits: 0 }] },
    'an input of 33 bits': { inputs: [{ ...input!, bits: 33 }] },
    'an input above 32-bit integers': { inputs: [{ ...input!, lo: 2 ** 31 - 255 }] },
    'an input below 32-bit integers': { inputs: [{ ...input!, lo: -(2 ** 31) - 1 }] },
    'an input from a fraction on': { inputs: [{ ...input!, lo: 0.5 }] },
  };
  for (const [what, part] of Object.entries(broken)) {
    refuses('CIRCUITS_NETWORK_INVALID', () => buildNetwork({ ...description, ...part }), what);
  }
  buildNetwork({ ...description, inputs: [{ ...input!, lo: 2 ** 31 - 256 }] });
  buildNetwork({ ...description, inputs: [{ ...input!, lo: -(2 ** 31), bits: 32 }] });
});

test('an average is refused whose counts have no common multiple among the safe integers', () => {
  const pool = (size: number): NetworkOperation => {
    const margin = size - 1;
    const padding = { top: margin, bottom: margin, left: margin, right: margin };
    return { kind: 'averagePool2d', size: [size, size], strides: [1, 1], padding };
  };
  chainOf({ shape: [8, 8, 1] }, pool(8));
  refuses('CIRCUITS_NETWORK_INVALID', () => chainOf({ shape: [40, 40, 1], bits: 1 }, pool(40)));
});
