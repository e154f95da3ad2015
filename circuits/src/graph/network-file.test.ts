import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex, ZkinferError } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import {
  randomAffine,
  randomConv2d,
  randomDense,
  requantize,
  UNPADDED,
} from '../testing/random-operations.ts';
import { buildNetwork, type NetworkDescription } from './build-network.ts';
import type { NetworkOperation } from './network.ts';
import {
  modelDigest,
  type NetworkFiles,
  networkFromFiles,
  networkToFiles,
} from './network-file.ts';

const random = seededRandom(announceSeed());
const padding = { top: 0, bottom: 1, left: 2, right: 0 };
const window = { size: [2, 2], strides: [2, 1], padding: UNPADDED } as const;

/**
 * Every operator once, in a row from [6, 5, 2], and two outputs; `y` joins the input with itself.
 */
const OPERATIONS: Record<string, NetworkOperation> = {
  y: { kind: 'concat', axis: 2, multipliers: [1, -3] },
  pad: { kind: 'pad2d', padding },
  conv: randomConv2d(random, 4, 4, { groups: 2, dilations: [1, 2], padding }),
  sum: { kind: 'add', multipliers: [2] },
  affine: randomAffine(random, 4),
  leaky: { kind: 'leakyRelu', slope: 1, shift: 3 },
  small: requantize(12, -8, 7, [1, 2, 3, 4]),
  table: { kind: 'table', lo: -8, table: Array.from({ length: 16 }, (_, i) => i * i - 40) },
  mean: { kind: 'averagePool2d', ...window },
  max: { kind: 'maxPool2d', ...window },
  turned: { kind: 'transpose', permutation: [2, 0, 1] },
  flat: { kind: 'reshape', shape: [12] },
  dense: randomDense(random, 12, 3, 16),
  best: { kind: 'argmax' },
};

const names = Object.keys(OPERATIONS);
const DESCRIPTION: NetworkDescription = {
  name: 'all “operators”',
  inputs: [
    { name: 'x', shape: [6, 5, 2], scale: 0.1, lo: -5, bits: 4 },
    {
      name: 'unused',
      shape: [],
      scale: 1 / 3,
      lo: 0,
      bits: 1,
      image: { scale: 1 / 255, offset: -0.5 },
    },
  ],
  nodes: names.map((name, i) => ({
    name,
    operation: OPERATIONS[name]!,
    inputs: i === 0 ? ['x', 'x'] : [names[i - 1]!],
    scale: 2 ** -i,
  })),
  outputs: [
    { name: 'class', tensor: 'best', meaning: 'argmax', softmax: false, labels: ['a', 'b', 'c'] },
    { name: 'scores', tensor: 'dense', meaning: 'logits', softmax: true },
  ],
};

const network = buildNetwork(DESCRIPTION);
const files = networkToFiles(network);
const text = new TextDecoder().decode(files.model);

/** `model.json`, as far as the tests edit it. */
interface Document {
  readonly weights: Record<string, unknown>;
  readonly inputs: Record<string, unknown>[];
  readonly nodes: {
    readonly operation: Record<string, unknown>;
    readonly range: string[];
    readonly shape: number[];
  }[];
  readonly outputs: Record<string, unknown>[];
}

const refuses = (code: string, damaged: NetworkFiles, what = code) =>
  assert.throws(
    () => networkFromFiles(damaged),
    (error) => error instanceof ZkinferError && error.code === code,
    what,
  );
const withText = (model: string): NetworkFiles => ({
  ...files,
  model: new TextEncoder().encode(model),
});
/** The files with the model's document changed, in the canonical layout. */
function withDocument(change: (document: Document) => void): NetworkFiles {
  const document = JSON.parse(text);
  change(document);
  return withText(`${JSON.stringify(document, null, 2)}\n`);
}
/** The files with other weights, and their digest in the model. */
const withWeights = (weights: Uint8Array): NetworkFiles => ({
  weights,
  model: new TextEncoder().encode(text.replace(sha256Hex(files.weights), sha256Hex(weights))),
});

test('a network of all operators survives its files', () => {
  const read = networkFromFiles(files);
  assert.deepEqual(read, network);
  assert.deepEqual(networkToFiles(read), files);
});

test('equal networks have equal files, however their objects were built', () => {
  const reversed = (operation: NetworkOperation): NetworkOperation =>
    Object.fromEntries(Object.entries(operation).reverse()) as unknown as NetworkOperation;
  const nodes = DESCRIPTION.nodes.map((node) => ({ ...node, operation: reversed(node.operation) }));
  assert.deepEqual(networkToFiles(buildNetwork({ ...DESCRIPTION, nodes })), files);
});

test('the model digest is that of model.json, and changes with any weight', () => {
  assert.equal(modelDigest(files), sha256Hex(files.model));
  const dense = OPERATIONS.dense as NetworkOperation & { kind: 'dense' };
  const weights = dense.weights.slice();
  weights[0] = weights[0]! ^ 1;
  const nodes = DESCRIPTION.nodes.map((node) =>
    node.name === 'dense' ? { ...node, operation: { ...dense, weights } } : node,
  );
  const other = networkToFiles(buildNetwork({ ...DESCRIPTION, nodes }));
  assert.notEqual(modelDigest(other), modelDigest(files));
});

test('weights are little-endian two’s complement in the order of the nodes', () => {
  const conv = OPERATIONS.conv as NetworkOperation & { kind: 'conv2d' };
  const view = new DataView(files.weights.buffer, files.weights.byteOffset);
  const { bias, kernel } = JSON.parse(text).nodes[2].operation;
  assert.equal(view.getInt16(kernel.offset + 2, true), conv.kernel[1]);
  assert.equal(view.getBigInt64(bias.offset + 8, true), BigInt(conv.bias[1]!));
});

test('files that say the same in other bytes are refused', () => {
  const code = 'CIRCUITS_NETWORK_NOT_CANONICAL';
  refuses(code, withText(text.trimEnd()), 'no newline');
  refuses(code, withText(`${text} `), 'a space');
  refuses(code, withText(JSON.stringify(JSON.parse(text))), 'no indent');
  refuses(code, withText(text.replace('"version": 1', '"version": 1.0')), 'a number');
  refuses(code, withText(text.replace('"name"', '"name": "again",\n  "name"')), 'a key twice');
  const reordered = withDocument((document) => {
    const { name, ...rest } = document.inputs[0]!;
    document.inputs[0] = { ...rest, name };
  });
  refuses(code, reordered, 'the order of keys');
  refuses(code, withWeights(Uint8Array.of(...files.weights, 0)), 'bytes after the weights');
});

test('shapes, ranges and sizes are worked out again, not believed', () => {
  const code = 'CIRCUITS_NETWORK_NOT_CANONICAL';
  const edit = (change: (node: Document['nodes'][number]) => void) =>
    withDocument(({ nodes }) => {
      change(nodes[2]!);
    });
  refuses(
    code,
    edit((node) => node.range.reverse()),
  );
  refuses(
    code,
    edit((node) => {
      node.range[0] = `${BigInt(node.range[0]!) - 1n}`;
    }),
  );
  refuses(
    code,
    edit((node) => node.shape.push(1)),
  );
  refuses(
    code,
    withDocument(({ weights }) => {
      weights.bytes = 1;
    }),
  );
});

test('two arrays may not share their weights', () => {
  refuses(
    'CIRCUITS_NETWORK_NOT_CANONICAL',
    withDocument(({ nodes }) => {
      Object.assign(nodes[2]!.operation.kernel as object, { offset: 0 });
    }),
  );
});

test('weights that are not those named are refused', () => {
  const flipped = files.weights.slice();
  flipped[0]! ^= 1;
  refuses('CIRCUITS_WEIGHTS_DIGEST', { ...files, weights: flipped });
  refuses('CIRCUITS_WEIGHTS_DIGEST', { ...files, weights: files.weights.slice(0, -1) });
  refuses('CIRCUITS_WEIGHTS_TRUNCATED', withWeights(files.weights.slice(0, -1)));
  refuses('CIRCUITS_WEIGHTS_TRUNCATED', withWeights(new Uint8Array()));
});

test('a bias beyond the safe integers is refused', () => {
  const { bias } = JSON.parse(text).nodes[2].operation;
  const weights = files.weights.slice();
  new DataView(weights.buffer).setBigInt64(bias.offset, 2n ** 53n + 1n, true);
  refuses('CIRCUITS_NETWORK_INVALID', withWeights(weights));
});

test('what is no JSON, or JSON of something else, is refused', () => {
  refuses('CORE_JSON_SYNTAX', withText(text.slice(0, -10)));
  refuses('CORE_JSON_SYNTAX', { ...files, model: Uint8Array.of(0xff, 0xfe) });
  for (const foreign of ['[]', 'null', '{"modelTopology":{}}', '{"format":"layers-model"}']) {
    refuses('CORE_JSON_SHAPE', withText(foreign), foreign);
  }
});

test('values of another kind than expected are refused, each by its path', () => {
  const edits: Record<string, (document: Document) => void> = {
    'another format': (d) => Object.assign(d, { format: 'layers-model' }),
    'another version': (d) => Object.assign(d, { version: 2 }),
    'an unknown key': (d) => Object.assign(d, { comment: '' }),
    'a missing key': (d) => delete (d as { outputs?: unknown }).outputs,
    'a name that is no text': (d) => Object.assign(d, { name: 7 }),
    'another file of weights': (d) => Object.assign(d.weights, { file: '../weights.bin' }),
    'a digest that is none': (d) => Object.assign(d.weights, { sha256: 'abc' }),
    'inputs that are no list': (d) => Object.assign(d, { inputs: {} }),
    'bits as text': (d) => Object.assign(d.inputs[0]!, { bits: '4' }),
    'a scale as text': (d) => Object.assign(d.inputs[0]!, { scale: 'NaN' }),
    'half an image': (d) => Object.assign(d.inputs[1]!, { image: { scale: 1 } }),
    'an unknown meaning': (d) => Object.assign(d.outputs[0]!, { meaning: 'guess' }),
    'a softmax of 1': (d) => Object.assign(d.outputs[0]!, { softmax: 1 }),
    'labels that are no texts': (d) => Object.assign(d.outputs[0]!, { labels: [1] }),
    'an unknown operator': (d) => Object.assign(d.nodes[13]!, { operation: { kind: 'softmax' } }),
    'an operator that is none': (d) => Object.assign(d.nodes[13]!, { operation: 'argmax' }),
    'a parameter too many': (d) => Object.assign(d.nodes[13]!.operation, { axis: 0 }),
    'a parameter too few': (d) => delete d.nodes[6]!.operation.shift,
    'a fraction': (d) => Object.assign(d.nodes[6]!.operation, { shift: 1.5 }),
    'a stride of 0': (d) => Object.assign(d.nodes[9]!.operation, { strides: [0, 1] }),
    'one stride': (d) => Object.assign(d.nodes[9]!.operation, { strides: [1] }),
    'negative padding': (d) =>
      Object.assign(d.nodes[1]!.operation, { padding: { ...padding, top: -1 } }),
    'weights of another type': (d) =>
      Object.assign(d.nodes[12]!.operation, {
        weights: { type: 'int64', offset: 0, count: 36 },
      }),
    'a negative offset': (d) =>
      Object.assign(d.nodes[12]!.operation, {
        weights: { type: 'int16', offset: -2, count: 36 },
      }),
  };
  for (const [what, edit] of Object.entries(edits)) {
    refuses('CORE_JSON_SHAPE', withDocument(edit), what);
  }
});

test('parameters that mean nothing are refused', () => {
  const edit = (node: number, change: object) =>
    withDocument(({ nodes }) => {
      Object.assign(nodes[node]!.operation, change);
    });
  refuses('CIRCUITS_NETWORK_INVALID', edit(6, { lo: 7 }));
  refuses('CIRCUITS_NETWORK_INVALID', edit(7, { lo: -7 }));
  refuses('CIRCUITS_NETWORK_INVALID', edit(11, { shape: [-3, -4] }));
  refuses('CIRCUITS_SHAPE_MISMATCH', edit(2, { groups: 3 }));
  refuses('CIRCUITS_SHAPE_MISMATCH', edit(10, { permutation: [0, 1] }));
  refuses('CIRCUITS_ACCUMULATOR_TOO_WIDE', edit(3, { multipliers: [2 ** 50] }));
});
