import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { loadTensorflow } from '../float/backend.ts';
import { loadFloatModel } from '../float/load-float-model.ts';
import { runFloatGraph } from '../float/run-float-graph.ts';
import type { Tensorflow } from '../float/tensorflow.ts';
import type { FloatGraph } from '../graph/float-graph.ts';
import { elementCount } from '../graph/shape.ts';
import { foldAffine } from './fold-affine.ts';
import { importTfjs } from './import-tfjs.ts';
import type { ModelSource } from './model-source.ts';
import { type MemoryModel, memorySource, saveToMemory } from './testing/memory-model.ts';

const random = seededRandom(announceSeed());
let tf: Tensorflow;

before(async () => {
  ({ tf } = await loadTensorflow('wasm'));
});

type Layer = layers.Layer;

const SAMPLES = 3;

/** A Sequential model; the first layer names the shape of its input. */
const chain = (...layers: Layer[]) => tf.sequential({ layers });
const image = (shape: [number, number, number] = [7, 6, 3]) =>
  tf.layers.inputLayer({ inputShape: shape }) as unknown as Layer;
const vector = (size = 5) => tf.layers.inputLayer({ inputShape: [size] }) as unknown as Layer;
const sequence = () => tf.layers.inputLayer({ inputShape: [9, 4] }) as unknown as Layer;
const conv = (settings: object) =>
  tf.layers.conv2d({ filters: 4, kernelSize: 3, useBias: true, ...settings } as never);
const model = (inputs: SymbolicTensor[], outputs: SymbolicTensor[]) =>
  tf.model({ inputs, outputs });
const input = (...shape: number[]) => tf.input({ shape });
const call = (layer: Layer, ...tensors: SymbolicTensor[]) =>
  layer.apply(tensors.length === 1 ? tensors[0]! : tensors) as SymbolicTensor;

/** Each builds a model; what they are called is what import must get right. */
const AGREES: Record<string, () => LayersModel> = {
  Dense: () => chain(vector(), tf.layers.dense({ units: 4 })),
  'Dense with the input shape on the layer itself': () =>
    chain(tf.layers.dense({ units: 4, inputShape: [5] })),
  'Dense without bias': () => chain(vector(), tf.layers.dense({ units: 4, useBias: false })),
  'Dense on a sequence': () => chain(sequence(), tf.layers.dense({ units: 4, activation: 'relu' })),
  'Dense on an image': () => chain(image(), tf.layers.dense({ units: 4 })),
  'Dense with softmax on a sequence': () =>
    chain(sequence(), tf.layers.dense({ units: 4, activation: 'softmax' })),
  'Conv2D valid': () => chain(image(), conv({})),
  'Conv2D same': () => chain(image(), conv({ padding: 'same' })),
  'Conv2D same with strides and an even kernel': () =>
    chain(image(), conv({ padding: 'same', strides: [2, 3], kernelSize: [4, 2] })),
  'Conv2D valid with strides that leave a rest': () => chain(image(), conv({ strides: 3 })),
  'Conv2D with strides longer than the kernel': () =>
    chain(image(), conv({ strides: 4, kernelSize: 2, padding: 'same' })),
  'Conv2D with dilation, valid': () => chain(image(), conv({ dilationRate: 2 })),
  'Conv2D with dilation, same': () =>
    chain(image(), conv({ dilationRate: [2, 3], padding: 'same' })),
  'Conv2D without bias': () => chain(image(), conv({ useBias: false })),
  'Conv1D same with strides': () =>
    chain(sequence(), tf.layers.conv1d({ filters: 3, kernelSize: 4, padding: 'same', strides: 2 })),
  'Conv1D with BatchNormalization': () =>
    chain(
      sequence(),
      tf.layers.conv1d({ filters: 3, kernelSize: 3 }),
      tf.layers.batchNormalization(),
    ),
  DepthwiseConv2D: () => chain(image(), tf.layers.depthwiseConv2d({ kernelSize: 3 })),
  'DepthwiseConv2D with a multiplier, strides and same': () =>
    chain(
      image(),
      tf.layers.depthwiseConv2d({
        kernelSize: [2, 3],
        depthMultiplier: 2,
        strides: 2,
        padding: 'same',
        activation: 'relu6',
      } as never),
    ),
  'DepthwiseConv2D of one channel': () =>
    chain(
      image([5, 5, 1]),
      tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 3, useBias: false } as never),
    ),
  SeparableConv2D: () =>
    chain(
      image(),
      tf.layers.separableConv2d({
        filters: 5,
        kernelSize: 3,
        padding: 'same',
        strides: 2,
        activation: 'sigmoid',
      }),
    ),
  'SeparableConv2D with dilation': () =>
    chain(image(), tf.layers.separableConv2d({ filters: 5, kernelSize: 2, dilationRate: 2 })),
  'BatchNormalization first': () =>
    chain(image(), tf.layers.batchNormalization(), conv({ padding: 'same' })),
  'BatchNormalization after Conv2D': () =>
    chain(image(), conv({ padding: 'same' }), tf.layers.batchNormalization({ epsilon: 0.1 })),
  'BatchNormalization after an activation': () =>
    chain(image(), conv({ activation: 'relu' }), tf.layers.batchNormalization()),
  'BatchNormalization after DepthwiseConv2D': () =>
    chain(
      image(),
      tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 } as never),
      tf.layers.batchNormalization(),
    ),
  'BatchNormalization without scale and center, twice': () =>
    chain(
      vector(),
      tf.layers.dense({ units: 4 }),
      tf.layers.batchNormalization({ scale: false }),
      tf.layers.batchNormalization({ center: false }),
    ),
  'Activation layers of every kind': () =>
    chain(
      image(),
      ...(['relu', 'linear', 'sigmoid', 'tanh', 'relu6', 'hardSigmoid'] as const).flatMap(
        (activation) => [conv({ kernelSize: 1 }), tf.layers.activation({ activation })],
      ),
    ),
  'fused activations of every kind': () =>
    chain(
      vector(),
      ...(['relu', 'linear', 'sigmoid', 'tanh', 'relu6', 'hardSigmoid'] as const).map(
        (activation) => tf.layers.dense({ units: 8, activation }),
      ),
    ),
  'softmax fused': () => chain(vector(), tf.layers.dense({ units: 3, activation: 'softmax' })),
  'Softmax layer': () => chain(vector(), tf.layers.dense({ units: 3 }), tf.layers.softmax()),
  'ReLU and ReLU with max_value': () =>
    chain(
      image(),
      tf.layers.reLU(),
      conv({ kernelSize: 2 }),
      tf.layers.reLU({ maxValue: 6 }),
      conv({ kernelSize: 2 }),
      tf.layers.reLU({ maxValue: 1.5 }),
    ),
  'LeakyReLU, default and given': () =>
    chain(vector(), tf.layers.leakyReLU(), tf.layers.leakyReLU({ alpha: 0.125 })),
  'MaxPooling2D valid': () => chain(image(), tf.layers.maxPooling2d({ poolSize: 2 })),
  'MaxPooling2D same with overlap': () =>
    chain(image(), tf.layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' })),
  'AveragePooling2D valid': () => chain(image(), tf.layers.averagePooling2d({ poolSize: [2, 3] })),
  'AveragePooling2D same counts what lies in the image': () =>
    chain(image(), tf.layers.averagePooling2d({ poolSize: 4, strides: 3, padding: 'same' })),
  MaxPooling1D: () =>
    chain(sequence(), tf.layers.maxPooling1d({ poolSize: 3, strides: 2, padding: 'same' })),
  AveragePooling1D: () =>
    chain(sequence(), tf.layers.averagePooling1d({ poolSize: 2, padding: 'same' })),
  GlobalAveragePooling2D: () =>
    chain(image(), tf.layers.globalAveragePooling2d({} as never), tf.layers.dense({ units: 2 })),
  GlobalMaxPooling2D: () => chain(image(), tf.layers.globalMaxPooling2d({} as never)),
  GlobalAveragePooling1D: () => chain(sequence(), tf.layers.globalAveragePooling1d()),
  GlobalMaxPooling1D: () => chain(sequence(), tf.layers.globalMaxPooling1d()),
  Flatten: () => chain(image(), tf.layers.flatten(), tf.layers.dense({ units: 2 })),
  'Reshape, with an extent left open too': () =>
    chain(
      image([4, 3, 2]),
      tf.layers.reshape({ targetShape: [6, 4] }),
      tf.layers.dense({ units: 2 }),
      tf.layers.reshape({ targetShape: [2, -1, 2] }),
    ),
  'ZeroPadding2D of every form': () =>
    chain(
      image([3, 3, 2]),
      tf.layers.zeroPadding2d(),
      conv({}),
      tf.layers.zeroPadding2d({ padding: [1, 2] as never }),
      conv({}),
      tf.layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 0],
        ],
      }),
    ),
  'layers of training alone': () =>
    chain(
      image(),
      tf.layers.gaussianNoise({ stddev: 1 }),
      conv({}),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.gaussianDropout({ rate: 0.5 }),
      tf.layers.alphaDropout({ rate: 0.5 }),
    ),
  'two inputs and two outputs, Add and Concatenate': () => {
    const [a, b] = [input(4), input(6)];
    const c = call(tf.layers.dense({ units: 6, activation: 'relu' }), a);
    const sum = call(tf.layers.add(), c, b);
    const joined = call(tf.layers.concatenate(), sum, b, a);
    return model([a, b], [call(tf.layers.dense({ units: 3 }), joined), sum]);
  },
  'Concatenate on inner axes': () => {
    const x = input(4, 5, 3);
    const y = call(conv({ padding: 'same', filters: 3 }), x);
    const rows = call(tf.layers.concatenate({ axis: 1 }), x, y);
    const columns = call(tf.layers.concatenate({ axis: 2 }), x, y);
    return model([x], [rows, columns]);
  },
  'an input that is an output, and one taken twice': () => {
    const [a, b] = [input(4), input(4)];
    return model([a, b], [call(tf.layers.add(), a, a, b), call(tf.layers.dense({ units: 2 }), b)]);
  },
  'a shared layer': () => {
    const [a, b] = [input(5, 5, 2), input(5, 5, 2)];
    const shared = conv({ activation: 'relu' });
    const [left, right] = [call(shared, a), call(shared, b)];
    const twice = call(tf.layers.add(), left, call(conv({ kernelSize: 1 }), right));
    return model([a, b], [twice, right]);
  },
  'a residual block whose BatchNormalization input is also used elsewhere': () => {
    const x = input(5, 5, 4);
    const y = call(conv({ padding: 'same' }), x);
    const normal = call(tf.layers.batchNormalization(), y);
    return model([x], [call(tf.layers.add(), y, normal)]);
  },
  'a Sequential model in a Sequential model': () =>
    chain(
      chain(tf.layers.dense({ units: 4, inputShape: [5] }), tf.layers.reLU()) as never,
      chain(tf.layers.dense({ units: 3, inputShape: [4], activation: 'tanh' })) as never,
      tf.layers.dense({ units: 2 }),
    ),
  'a functional model called twice in another, with two outputs': () => {
    const inner = input(4);
    const hidden = call(tf.layers.dense({ units: 4, activation: 'tanh' }), inner);
    const branch = model([inner], [hidden, call(tf.layers.dense({ units: 3 }), hidden)]);
    const [a, b] = [input(4), input(4)];
    const [a0, a1] = branch.apply(a) as SymbolicTensor[];
    const [b0] = branch.apply(b) as SymbolicTensor[];
    return model([a, b], [call(tf.layers.add(), a0!, b0!), a1!]);
  },
};

for (const [name, build] of Object.entries(AGREES)) {
  test(`agrees with TF.js, folded too: ${name}`, async () => {
    await assertAgrees(memorySource(await saveToMemory(tf, build(), random)));
  });
}

test('agrees with TF.js: SeparableConv2D with a multiplier (read, not saved by it)', async () => {
  const layer = tf.layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2 });
  const saved = await saveToMemory(tf, chain(image(), layer), random);
  configOf(saved, 1).depth_multiplier = 2;
  await assertAgrees(memorySource(saved));
});

test('reads settings in camel case as in snake case', async () => {
  const layers = [image(), conv({ strides: 2, padding: 'same' }), tf.layers.flatten()];
  const saved = await saveToMemory(tf, chain(...layers), random);
  const expected = await importTfjs(memorySource(saved));
  const text = JSON.stringify(saved.json).replace(/"(\w+)":/g, (key, name: string) =>
    name === 'class_name' || name.includes('_')
      ? key.replace(/_(\w)/g, (_, c) => c.toUpperCase())
      : key,
  );
  assert.ok(text.includes('"kernelSize"') && !text.includes('"kernel_size"'));
  assert.deepEqual(await importTfjs(memorySource(saved, text)), expected);
});

test('reads the topology as Keras converters nest it, and old Sequential models', async () => {
  const saved = await saveToMemory(tf, chain(vector(), tf.layers.dense({ units: 2 })), random);
  const expected = await importTfjs(memorySource(saved));
  const { class_name, config } = saved.json.modelTopology;
  saved.json.modelTopology = { model_config: { class_name, config: config.layers } };
  assert.deepEqual(await importTfjs(memorySource(saved)), { ...expected, name: 'sequential' });
});

test('finds weights under outer scopes, and passes an optimizer over', async () => {
  const saved = await saveToMemory(tf, chain(vector(), tf.layers.dense({ units: 2 })), random);
  const expected = await importTfjs(memorySource(saved));
  const [{ weights, paths }] = saved.json.weightsManifest;
  for (const weight of weights) weight.name = `outer/scope/${weight.name}`;
  weights.push({ name: 'Adam/iter', shape: [], dtype: 'int32', group: 'optimizer' });
  saved.shards.set('iter.bin', new Uint8Array(4));
  paths.push('iter.bin');
  assert.deepEqual(await importTfjs(memorySource(saved)), expected);
});

test('Conv1D causal is valid after zeros in front (TF.js cannot run it)', async () => {
  const layer = tf.layers.conv1d({ filters: 3, kernelSize: 3, dilationRate: 2 });
  const padded = tf.layers.inputLayer({ inputShape: [13, 4] }) as unknown as Layer;
  const saved = await saveToMemory(tf, chain(padded, layer), random);
  const steps = Float32Array.from({ length: 9 * 4 }, () => random.float(-2, 2));
  const behindZeros = new Float32Array(13 * 4);
  behindZeros.set(steps, 4 * 4);
  const valid = await importTfjs(memorySource(saved));
  const expected = await runFloatGraph(tf, valid, [behindZeros]);
  configOf(saved, 0).batch_input_shape[1] = 9;
  configOf(saved, 1).padding = 'causal';
  const causal = await importTfjs(memorySource(saved));
  assert.deepEqual(await runFloatGraph(tf, causal, [steps]), expected);
});

test('Conv2D with groups has a kernel of inputs per group', async () => {
  const saved = await saveToMemory(tf, chain(image([5, 5, 3]), conv({})), random);
  configOf(saved, 0).batch_input_shape[3] = 6;
  configOf(saved, 1).groups = 2;
  const [node] = (await importTfjs(memorySource(saved))).nodes;
  assert.ok(node?.operation.kind === 'conv2d');
  assert.equal(node.operation.groups, 2);
  assert.equal(node.operation.kernel.length, 3 * 3 * 3 * 4);
});

test('names nodes after layers, further nodes with a suffix, further calls numbered', async () => {
  const [a, b] = [input(4), input(4)];
  const shared = tf.layers.dense({ units: 4, activation: 'relu', name: 'twin' });
  const sum = call(tf.layers.add({ name: 'sum' } as never), call(shared, a), call(shared, b));
  const saved = await saveToMemory(tf, model([a, b], [sum]), random);
  const graph = await importTfjs(memorySource(saved));
  const names = graph.nodes.map((node) => node.name);
  assert.deepEqual(names, ['twin', 'twin/relu', 'twin#2', 'twin/relu#2', 'sum']);
  assert.deepEqual(
    graph.nodes.map((node) => node.layer),
    ['twin', 'twin', 'twin', 'twin', 'sum'],
  );
});

// biome-ignore lint/suspicious/noExplicitAny: the tests edit files.
function configOf(saved: MemoryModel, layer: number): any {
  return saved.json.modelTopology.config.layers[layer].config;
}

/** The graph, as imported and folded, computes what TF.js does with the same files. */
async function assertAgrees(source: ModelSource): Promise<void> {
  const graph = await importTfjs(source);
  const inputs = graph.inputs.map(({ shape }) =>
    Float32Array.from({ length: SAMPLES * elementCount(shape) }, () => random.float(-2, 2)),
  );
  const expected = await predict(source, inputs);
  assert.ok(expected.some((output) => output.some((value) => value !== 0)));
  await assertComputes(graph, inputs, expected);
  await assertComputes(foldAffine(graph), inputs, expected);
}

/** TF.js's own prediction, by its plain backend: no kernel is shared with the graph under test. */
async function predict(source: ModelSource, inputs: Float32Array[]): Promise<Float32Array[]> {
  await tf.setBackend('cpu');
  const original = await loadFloatModel(tf, source);
  const outputs = await original.predict(inputs);
  original.dispose();
  await tf.setBackend('wasm');
  return outputs;
}

async function assertComputes(
  graph: FloatGraph,
  inputs: Float32Array[],
  expected: Float32Array[],
): Promise<void> {
  const tensors = await runFloatGraph(tf, graph, inputs, { batchSize: 2 });
  assert.equal(graph.outputs.length, expected.length);
  graph.outputs.forEach((output, o) => {
    const [got, wanted] = [tensors.get(output)!, expected[o]!];
    assert.equal(got.length, wanted.length);
    const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    got.forEach((value, i) => {
      const error = Math.abs(value - wanted[i]!);
      assert.ok(error <= 1e-4 * scale, `${output}[${i}]: ${value}, TF.js ${wanted[i]}`);
    });
  });
}
