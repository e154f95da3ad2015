import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '@zkinfer/core';
import { buildNetwork } from '../graph/build-network.ts';
import type { Network, NetworkNode, OutputMeaning } from '../graph/network.ts';
import { evaluateNetwork } from './evaluate-network.ts';

type Node = NetworkNode & { readonly scale: number };

const SIGMOID: Node = {
  name: 'sigmoid',
  operation: { kind: 'table', lo: -2, table: [0, 64, 191, 255] },
  inputs: ['x'],
  scale: 1 / 255,
};
const ARGMAX: Node = { name: 'argmax', operation: { kind: 'argmax' }, inputs: ['x'], scale: 1 };

/**
 * A network that hands its input on, [−2, 1] on each of `elements`, through a node if there is one.
 */
function network(elements: number, meaning: OutputMeaning, node?: Node): Network {
  return buildNetwork({
    name: 'test',
    inputs: [{ name: 'x', shape: [elements], scale: 1, lo: -2, bits: 2 }],
    nodes: node === undefined ? [] : [node],
    outputs: [{ name: 'y', tensor: node?.name ?? 'x', meaning, softmax: false }],
  });
}

const DATA = {
  samples: 4,
  inputs: [Float32Array.of(1, 0, 0, 1, -1, -2, 0, 9)],
  floatOutputs: Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.7, 0.3, 0.2, 0.8),
  labels: [0, 1, 0, 1],
};

test('accuracies, changed predictions and clamped samples are counted', () => {
  for (const net of [network(2, 'logits'), network(2, 'argmax', ARGMAX)]) {
    assert.deepEqual(evaluateNetwork(net, DATA), {
      samples: 4,
      changed: 1,
      changedShare: 0.25,
      changedSamples: [1],
      changes: [{ from: 0, to: 1, count: 1 }],
      floatAccuracy: 0.75,
      integerAccuracy: 1,
      clampedSamples: 1,
    });
  }
});

test('without labels there is no accuracy', () => {
  const { labels: _, ...unlabelled } = DATA;
  const report = evaluateNetwork(network(2, 'logits'), unlabelled);
  assert.equal(report.changed, 1);
  assert.equal(report.floatAccuracy, undefined);
});

test('a single element is compared with its threshold', () => {
  const data = {
    samples: 3,
    inputs: [Float32Array.of(1, -1, 0)],
    floatOutputs: Float32Array.of(0.8, 0.1, 0.3),
  };
  assert.deepEqual(evaluateNetwork(network(1, 'logits'), data).changedSamples, []);
  assert.deepEqual(evaluateNetwork(network(1, 'activation', SIGMOID), data).changedSamples, [2]);
  assert.throws(
    () => evaluateNetwork(network(1, 'activation'), data),
    hasCode('CIRCUITS_NO_CLASSES'),
  );
});

test('a test set that does not fit is refused', () => {
  const net = network(2, 'logits');
  const refused: [Partial<typeof DATA>, string][] = [
    [{ samples: 0 }, 'CIRCUITS_EVALUATION_EMPTY'],
    [{ samples: 5 }, 'CIRCUITS_EVALUATION_SHAPE'],
    [{ inputs: [] }, 'CIRCUITS_EVALUATION_SHAPE'],
    [{ floatOutputs: new Float32Array(12) }, 'CIRCUITS_EVALUATION_SHAPE'],
    [{ labels: [0, 1] }, 'CIRCUITS_EVALUATION_LABELS'],
    [{ labels: [0, 1, 2, 0] }, 'CIRCUITS_EVALUATION_LABELS'],
    [{ inputs: [DATA.inputs[0]!.with(3, Number.NaN)] }, 'CORE_INPUT_NOT_FINITE'],
  ];
  for (const [change, code] of refused) {
    assert.throws(() => evaluateNetwork(net, { ...DATA, ...change }), hasCode(code));
  }
});

function hasCode(code: string) {
  return (error: unknown) => error instanceof InputError && error.code === code;
}
