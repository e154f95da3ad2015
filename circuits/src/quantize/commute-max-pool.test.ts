import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { buildNetwork } from '../graph/build-network.ts';
import { interpret } from '../interpret/interpret.ts';
import { commuteMaxPooling } from './commute-max-pool.ts';
import type { LoweredNode } from './lower-plan.ts';
import { NO_PADDING, PADDED } from './testing/graph-sketch.ts';

const random = seededRandom(announceSeed());
const INPUT = { name: 'x', shape: [6, 6, 2], scale: 1, lo: -128, bits: 8 };

function pooledNodes(stride: number, padding = NO_PADDING): LoweredNode[] {
  const weights = Int16Array.from({ length: 2 }, () => random.int(-50, 50));
  const bias = Float64Array.of(random.int(-99, 99), random.int(-99, 99));
  const window = { size: [2, 2], strides: [stride, stride], padding } as const;
  const requantize = { kind: 'requantize', multipliers: [1], shift: 4, lo: 0, hi: 255 } as const;
  return [
    { name: 'sums', operation: { kind: 'affine', weights, bias }, inputs: ['x'], scale: 1 },
    { name: 'relu', operation: requantize, inputs: ['sums'], scale: 16 },
    { name: 'pool', operation: { kind: 'maxPool2d', ...window }, inputs: ['relu'], scale: 16 },
  ];
}

const network = (nodes: readonly LoweredNode[]) =>
  buildNetwork({
    name: 'pooled',
    inputs: [INPUT],
    nodes,
    outputs: [{ name: 'pool', tensor: 'pool', meaning: 'activation', softmax: false }],
  });

test('pooling before requantising gives the same integers', () => {
  for (const padding of [NO_PADDING, PADDED]) {
    const nodes = pooledNodes(2, padding);
    const moved = commuteMaxPooling(nodes, ['pool']);
    assert.deepEqual(
      moved.map(({ operation }) => operation.kind),
      ['affine', 'maxPool2d', 'requantize'],
    );
    const [before, after] = [network(nodes), network(moved)];
    for (let i = 0; i < 20; i++) {
      const x = Float64Array.from({ length: 72 }, () => random.int(-128, 127));
      assert.deepEqual(interpret(after, [x]).get('pool'), interpret(before, [x]).get('pool'));
    }
  }
});

test('the order stays where windows overlap, multipliers differ, or the activation is read elsewhere', () => {
  const overlapping = pooledNodes(1);
  assert.deepEqual(commuteMaxPooling(overlapping, ['pool']), overlapping);
  const nodes = pooledNodes(2);
  assert.deepEqual(commuteMaxPooling(nodes, ['pool', 'relu']), nodes);
  const perChannel = nodes.map((node) =>
    node.operation.kind === 'requantize'
      ? { ...node, operation: { ...node.operation, multipliers: [1, 3] } }
      : node,
  );
  assert.deepEqual(commuteMaxPooling(perChannel, ['pool']), perChannel);
});
