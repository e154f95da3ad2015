import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { FloatConv2d, FloatGraph, FloatOperation, FloatPool2d } from '../graph/float-graph.ts';
import { elementCount, windowedSize } from '../graph/shape.ts';
import { loadTensorflow } from './backend.ts';
import { runFloatBatches, runFloatGraph } from './run-float-graph.ts';
import type { Tensorflow } from './tensorflow.ts';

const random = seededRandom(announceSeed());
let tf: Tensorflow;

before(async () => {
  ({ tf } = await loadTensorflow('wasm'));
});

type Shape = [number, number, number];

const reals = (length: number) => Float32Array.from({ length }, () => random.float(-1, 1));

function single(operation: FloatOperation, inputShape: number[], shape: number[]): FloatGraph {
  return {
    name: 'single',
    inputs: [{ name: 'x', shape: inputShape }],
    nodes: [{ name: 'y', layer: 'y', operation, inputs: ['x'], outputShape: shape }],
    outputs: ['y'],
  };
}

/**
 * Calls `visit` with output position, window position and the place in the image, for what lies in
 * the image.
 */
function eachTap(
  [rows, columns]: Shape,
  window: FloatPool2d | FloatConv2d,
  visit: (output: [number, number], tap: [number, number], place: [number, number]) => void,
): void {
  const dilations = window.kind === 'conv2d' ? window.dilations : ([1, 1] as const);
  const [height, width] = windowedSize([rows, columns], window, dilations);
  for (let oy = 0; oy < height; oy++) {
    for (let ox = 0; ox < width; ox++) {
      for (let ky = 0; ky < window.size[0]; ky++) {
        for (let kx = 0; kx < window.size[1]; kx++) {
          const y = oy * window.strides[0] + ky * dilations[0] - window.padding.top;
          const x = ox * window.strides[1] + kx * dilations[1] - window.padding.left;
          if (y >= 0 && y < rows && x >= 0 && x < columns) visit([oy, ox], [ky, kx], [y, x]);
        }
      }
    }
  }
}

/** The convolution by its definition, for one sample. */
function convolve(image: Float32Array, shape: Shape, conv: FloatConv2d): number[] {
  const [, columns, channels] = shape;
  const [height, width] = windowedSize([shape[0], columns], conv, conv.dilations);
  const { outputChannels, groups } = conv;
  const perGroup = channels / groups;
  const output = Array.from({ length: height * width * outputChannels }, (_, i) => {
    return conv.bias[i % outputChannels]!;
  });
  eachTap(shape, conv, ([oy, ox], [ky, kx], [y, x]) => {
    for (let o = 0; o < outputChannels; o++) {
      const group = Math.floor((o * groups) / outputChannels);
      for (let i = 0; i < perGroup; i++) {
        const weight = ((ky * conv.size[1] + kx) * perGroup + i) * outputChannels + o;
        const value = image[(y * columns + x) * channels + group * perGroup + i]!;
        output[(oy * width + ox) * outputChannels + o]! += conv.kernel[weight]! * value;
      }
    }
  });
  return output;
}

/** The pooling by its definition, for one sample of one channel. */
function pool(image: Float32Array, shape: Shape, operation: FloatPool2d): number[] {
  const [height, width] = windowedSize([shape[0], shape[1]], operation);
  const taken: number[][] = Array.from({ length: height * width }, () => []);
  eachTap(shape, operation, ([oy, ox], _, [y, x]) => {
    taken[oy * width + ox]!.push(image[y * shape[1] + x]!);
  });
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return taken.map(operation.kind === 'maxPool2d' ? (values) => Math.max(...values) : mean);
}

function assertClose(got: Float32Array | undefined, expected: readonly number[]): void {
  assert.equal(got?.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(value - got![i]!) < 1e-4, `[${i}]: ${got![i]}, expected ${value}`);
  });
}

const PADDING = { top: 1, bottom: 0, left: 2, right: 1 };

const CONVOLUTIONS: [string, number, number, Partial<FloatConv2d>][] = [
  ['one group, uneven padding', 1, 4, {}],
  ['one group, dilated', 1, 4, { dilations: [2, 1] }],
  ['two groups', 2, 6, {}],
  ['two groups, strides', 2, 4, { strides: [2, 1] }],
  ['depthwise', 4, 4, {}],
  ['depthwise with multiplier, dilated', 4, 8, { dilations: [2, 2] }],
  ['depthwise with uneven strides', 4, 4, { strides: [1, 2] }],
];

for (const [name, groups, outputChannels, change] of CONVOLUTIONS) {
  test(`convolution is what its definition says: ${name}`, async () => {
    const shape: Shape = [6, 5, 4];
    const conv: FloatConv2d = {
      kind: 'conv2d',
      size: [3, 2],
      strides: [1, 1],
      dilations: [1, 1],
      padding: PADDING,
      groups,
      outputChannels,
      kernel: reals((3 * 2 * 4 * outputChannels) / groups),
      bias: reals(outputChannels),
      ...change,
    };
    const size = windowedSize([6, 5], conv, conv.dilations);
    const image = reals(elementCount(shape));
    const graph = single(conv, shape, [...size, outputChannels]);
    assertClose((await runFloatGraph(tf, graph, [image])).get('y'), convolve(image, shape, conv));
  });
}

for (const kind of ['maxPool2d', 'averagePool2d'] as const) {
  test(`${kind} leaves its padding out`, async () => {
    const shape: Shape = [6, 5, 1];
    const operation: FloatPool2d = { kind, size: [3, 3], strides: [2, 1], padding: PADDING };
    const image = Float32Array.from({ length: 30 }, () => random.float(-9, -1));
    const graph = single(operation, shape, [...windowedSize([6, 5], operation), 1]);
    assertClose((await runFloatGraph(tf, graph, [image])).get('y'), pool(image, shape, operation));
  });
}

const chain: FloatGraph = {
  name: 'chain',
  inputs: [
    { name: 'a', shape: [2] },
    { name: 'b', shape: [2] },
  ],
  nodes: [
    { name: 'sum', layer: 's', operation: { kind: 'add' }, inputs: ['a', 'b'], outputShape: [2] },
    {
      name: 'clip',
      layer: 'c',
      operation: { kind: 'clip', min: 0, max: 10 },
      inputs: ['sum'],
      outputShape: [2],
    },
  ],
  outputs: ['clip'],
};

test('runs in batches with a rest, in order, and yields what is asked for', async () => {
  const a = Float32Array.from({ length: 10 }, (_, i) => i);
  const b = a.map((value) => -2 * value + 5);
  const tensors = ['a', 'sum', 'clip', 'clip'];
  const whole = await runFloatGraph(tf, chain, [a, b], { batchSize: 2, tensors });
  assert.deepEqual([...whole.keys()], ['a', 'sum', 'clip']);
  assert.deepEqual(whole.get('a'), a);
  assert.deepEqual(
    whole.get('sum'),
    a.map((value) => 5 - value),
  );
  assert.deepEqual(
    whole.get('clip'),
    a.map((value) => Math.max(5 - value, 0)),
  );
  const counts: number[][] = [];
  for await (const { first, count } of runFloatBatches(tf, chain, [a, b], { batchSize: 2 })) {
    counts.push([first, count]);
  }
  assert.deepEqual(counts, [
    [0, 2],
    [2, 2],
    [4, 1],
  ]);
});

test('leaves no tensor behind, also when the caller stops early', async () => {
  const pooling: FloatPool2d = {
    kind: 'averagePool2d',
    size: [2, 2],
    strides: [2, 2],
    padding: PADDING,
  };
  const conv: FloatConv2d = {
    ...pooling,
    kind: 'conv2d',
    dilations: [1, 1],
    groups: 2,
    outputChannels: 4,
    kernel: reals(2 * 2 * 2 * 4),
    bias: reals(4),
  };
  const graphs = [
    single(conv, [3, 3, 4], [2, 3, 4]),
    single(pooling, [3, 3, 4], [2, 3, 4]),
    single({ kind: 'dense', units: 2, weights: reals(72), bias: reals(2) }, [36], [2]),
    single(
      { kind: 'pad2d', padding: { top: 0, bottom: 0, left: 0, right: 0 } },
      [3, 3, 4],
      [3, 3, 4],
    ),
  ];
  const inputs = [reals(36 * 5)];
  const count = tf.memory().numTensors;
  for (const graph of graphs) {
    await runFloatGraph(tf, graph, inputs, { tensors: ['x', 'y', 'y'], batchSize: 3 });
    for await (const _ of runFloatBatches(tf, graph, inputs, { batchSize: 3 })) break;
  }
  assert.equal(tf.memory().numTensors, count);
});

test('refuses inputs that do not fit and tensors that do not exist', async () => {
  const code = (expected: string) => (error: unknown) =>
    error instanceof InputError && error.code === expected;
  const bad = [[], [reals(2)], [reals(2), reals(4)], [reals(3), reals(3)], [reals(0), reals(0)]];
  for (const inputs of [...bad, [reals(2), reals(2), reals(2)]]) {
    await assert.rejects(runFloatGraph(tf, chain, inputs), code('CIRCUITS_FLOAT_INPUT'));
  }
  const tensors = ['clip', 'clap'];
  await assert.rejects(
    runFloatGraph(tf, chain, [reals(2), reals(2)], { tensors }),
    code('CIRCUITS_UNKNOWN_TENSOR'),
  );
});
