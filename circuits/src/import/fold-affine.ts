import type {
  FloatAffine,
  FloatConv2d,
  FloatDense,
  FloatGraph,
  FloatNode,
} from '../graph/float-graph.ts';
import { channelsOf } from '../graph/shape.ts';

type Linear = FloatDense | FloatConv2d | FloatAffine;

/**
 * The same function with `affine` nodes folded into the dense, convolution or affine node before
 * them, through reshapes that keep the last axis. A node is folded into only if nothing else sees
 * its values. What is folded into keeps its name and holds the values of the affine; folding after
 * a convolution is right at its borders too, since padding is before it.
 */
export function foldAffine(graph: FloatGraph): FloatGraph {
  let folded = graph;
  for (const { name } of graph.nodes) folded = foldOne(folded, name);
  return folded;
}

/** Folds the node of that name if it is an affine and can be. */
function foldOne(graph: FloatGraph, name: string): FloatGraph {
  const affine = graph.nodes.find((node) => node.name === name)!;
  if (affine.operation.kind !== 'affine') return graph;
  const before = graph.nodes.find((node) => node.name === affine.inputs[0]);
  const linear = linearBefore(graph, affine);
  if (before === undefined || linear === undefined) return graph;
  const operation = composed(linear.operation as Linear, affine.operation);
  const redirected = (tensor: string) => (tensor === name ? before.name : tensor);
  const nodes = graph.nodes
    .filter((node) => node !== affine)
    .map((node) => (node === linear ? { ...linear, operation } : node))
    .map((node) => ({ ...node, inputs: node.inputs.map(redirected) }));
  return { ...graph, nodes, outputs: graph.outputs.map(redirected) };
}

/**
 * The linear node whose values reach `affine` alone, unchanged but for reshapes that keep the last
 * axis.
 */
function linearBefore(graph: FloatGraph, affine: FloatNode): FloatNode | undefined {
  let consumer = affine;
  for (;;) {
    const node = graph.nodes.find((candidate) => candidate.name === consumer.inputs[0]);
    if (node === undefined || usesOf(graph, node.name) !== 1) return undefined;
    const { kind } = node.operation;
    if (kind === 'dense' || kind === 'conv2d' || kind === 'affine') return node;
    if (kind !== 'reshape') return undefined;
    consumer = node;
    if (!keepsLastAxis(graph, node)) return undefined;
  }
}

function usesOf(graph: FloatGraph, tensor: string): number {
  const uses = [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs];
  return uses.filter((used) => used === tensor).length;
}

function keepsLastAxis(graph: FloatGraph, reshape: FloatNode): boolean {
  const before = graph.nodes.find((node) => node.name === reshape.inputs[0]);
  return before !== undefined && channelsOf(before.outputShape) === channelsOf(reshape.outputShape);
}

/** scale · (linear) + offset as one operation, computed in doubles. */
function composed(linear: Linear, { scale, offset }: FloatAffine): Linear {
  const scaled = (values: Float32Array) =>
    values.map((value, i) => value * scale[i % scale.length]!);
  const shifted = (values: Float32Array) =>
    values.map((value, i) => value * scale[i]! + offset[i]!);
  switch (linear.kind) {
    case 'dense':
      return { ...linear, weights: scaled(linear.weights), bias: shifted(linear.bias) };
    case 'conv2d':
      return { ...linear, kernel: scaled(linear.kernel), bias: shifted(linear.bias) };
    case 'affine':
      return { kind: 'affine', scale: scaled(linear.scale), offset: shifted(linear.offset) };
  }
}
