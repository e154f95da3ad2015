import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FloatGraph, FloatNode, FloatOperation } from '../graph/float-graph.ts';
import { foldAffine } from './fold-affine.ts';

const dense: FloatOperation = {
  kind: 'dense',
  units: 2,
  weights: Float32Array.of(1, 2, 3, 4),
  bias: Float32Array.of(5, 6),
};

function affine(scale: number[], offset: number[]): FloatOperation {
  return { kind: 'affine', scale: Float32Array.from(scale), offset: Float32Array.from(offset) };
}

function node(name: string, operation: FloatOperation, inputs: string[], shape = [2]): FloatNode {
  return { name, layer: name, operation, inputs, outputShape: shape };
}

function graph(nodes: FloatNode[], outputs: string[]): FloatGraph {
  return { name: 'g', inputs: [{ name: 'x', shape: [2] }], nodes, outputs };
}

const kinds = ({ nodes }: FloatGraph) => nodes.map(({ operation }) => operation.kind);

test('an affine becomes part of the dense before it, which keeps its name', () => {
  const folded = foldAffine(
    graph([node('a', dense, ['x']), node('b', affine([2, -1], [10, 20]), ['a'])], ['b']),
  );
  assert.deepEqual(folded.outputs, ['a']);
  assert.deepEqual(folded.nodes, [
    node(
      'a',
      {
        kind: 'dense',
        units: 2,
        weights: Float32Array.of(2, -2, 6, -4),
        bias: Float32Array.of(20, 14),
      },
      ['x'],
    ),
  ]);
});

test('an affine becomes part of the affine before it, and a chain of them one', () => {
  const folded = foldAffine(
    graph(
      [
        node('a', affine([2, 3], [1, 1]), ['x']),
        node('b', affine([5, 1], [0, 7]), ['a']),
        node('c', affine([1, 2], [1, 0]), ['b']),
      ],
      ['c'],
    ),
  );
  assert.deepEqual(folded.nodes, [node('a', affine([10, 6], [6, 16]), ['x'])]);
});

test('an affine folds through reshapes that keep the last axis, not through others', () => {
  const between = (shape: number[]) =>
    graph(
      [
        node('a', dense, ['x']),
        node('r', { kind: 'reshape' }, ['a'], shape),
        node('b', affine(shape.at(-1) === 1 ? [2] : [2, 2], [0, 0]), ['r'], shape),
        node('c', { kind: 'clip', min: 0, max: 1 }, ['b'], shape),
      ],
      ['c'],
    );
  const folded = foldAffine(between([1, 2]));
  assert.deepEqual(kinds(folded), ['dense', 'reshape', 'clip']);
  assert.deepEqual(folded.nodes[2]?.inputs, ['r']);
  const other = between([2, 1]);
  assert.deepEqual(foldAffine(other), other);
});

test('nothing folds into values that something else sees, or behind an activation', () => {
  const b = node('b', affine([2, 2], [0, 0]), ['a']);
  const kept: FloatGraph[] = [
    graph([node('a', dense, ['x']), b, node('c', { kind: 'add' }, ['a', 'b'])], ['c']),
    graph([node('a', dense, ['x']), b], ['b', 'a']),
    graph([node('a', { kind: 'tanh' }, ['x']), b], ['b']),
    graph([node('a', affine([2, 2], [0, 0]), ['x']), node('c', { kind: 'tanh' }, ['a'])], ['c']),
    graph([node('a', { kind: 'add' }, ['x', 'x']), b], ['b']),
  ];
  for (const original of kept) assert.deepEqual(foldAffine(original), original);
});
