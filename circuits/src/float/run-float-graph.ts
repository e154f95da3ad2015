import type { Tensor } from '@tensorflow/tfjs';
import { InputError } from '@zkinfer/core';
import type { FloatGraph } from '../graph/float-graph.ts';
import { elementCount } from '../graph/shape.ts';
import { type FloatOperator, floatOperator } from './float-operator.ts';
import { sampleCount } from './sample-count.ts';
import type { Tensorflow } from './tensorflow.ts';

/**
 * Samples per pass unless told: small enough for the maps of a large image network, large enough to
 * fill a GPU.
 */
const DEFAULT_BATCH = 64;

/** What is computed, and how much at a time. */
export interface RunFloatGraphOptions {
  /**
   * Names of the tensors wanted, inputs and intermediate ones too; by default the graph's outputs.
   */
  readonly tensors?: readonly string[];
  /** Samples per pass. */
  readonly batchSize?: number;
}

/** The tensors wanted for the samples [first, first + count), each sample after sample. */
export interface FloatBatch {
  readonly first: number;
  readonly count: number;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/**
 * Runs the graph on many samples and yields batch by batch, so that the values of all layers need
 * never be held at once.
 * @param inputs for each input of the graph, in its order, the samples one after the other
 * @throws InputError CIRCUITS_FLOAT_INPUT if the inputs do not fit the graph,
 * CIRCUITS_UNKNOWN_TENSOR for a name that it has not
 */
export async function* runFloatBatches(
  tf: Tensorflow,
  graph: FloatGraph,
  inputs: readonly Float32Array[],
  { tensors = graph.outputs, batchSize = DEFAULT_BATCH }: RunFloatGraphOptions = {},
): AsyncGenerator<FloatBatch> {
  const samples = sampleCount(
    graph.inputs.map(({ shape }) => shape),
    inputs,
  );
  refuseUnknownTensors(graph, tensors);
  const operators = graph.nodes.map((node) => floatOperator(tf, graph, node));
  try {
    for (let first = 0; first < samples; first += batchSize) {
      const count = Math.min(batchSize, samples - first);
      const wanted = tf.tidy(() => {
        const values = feed(tf, graph, inputs, first, count);
        evaluate(graph, operators, values);
        return tensors.map((name) => values.get(name)!);
      });
      yield { first, count, tensors: await fetchAll(tensors, wanted) };
    }
  } finally {
    for (const operator of operators) operator.dispose();
  }
}

/**
 * As `runFloatBatches`, all batches joined.
 * @returns for each tensor wanted its values, sample after sample
 */
export async function runFloatGraph(
  tf: Tensorflow,
  graph: FloatGraph,
  inputs: readonly Float32Array[],
  options: RunFloatGraphOptions = {},
): Promise<Map<string, Float32Array>> {
  const samples = sampleCount(
    graph.inputs.map(({ shape }) => shape),
    inputs,
  );
  const whole = new Map<string, Float32Array>();
  for await (const { first, count, tensors } of runFloatBatches(tf, graph, inputs, options)) {
    for (const [name, values] of tensors) {
      const size = values.length / count;
      if (!whole.has(name)) whole.set(name, new Float32Array(size * samples));
      whole.get(name)!.set(values, first * size);
    }
  }
  return whole;
}

function feed(
  tf: Tensorflow,
  graph: FloatGraph,
  inputs: readonly Float32Array[],
  first: number,
  count: number,
): Map<string, Tensor> {
  const entries = graph.inputs.map(({ name, shape }, i): [string, Tensor] => {
    const size = elementCount(shape);
    const values = inputs[i]!.slice(first * size, (first + count) * size);
    return [name, tf.tensor(values, [count, ...shape], 'float32')];
  });
  return new Map(entries);
}

function evaluate(
  graph: FloatGraph,
  operators: readonly FloatOperator[],
  values: Map<string, Tensor>,
): void {
  graph.nodes.forEach((node, i) => {
    const sources = node.inputs.map((name) => values.get(name)!);
    values.set(node.name, operators[i]!.apply(sources));
  });
}

/**
 * A tensor wanted twice, or an output that is an input, is the same tensor: disposed of after all
 * are read.
 */
async function fetchAll(
  names: readonly string[],
  tensors: readonly Tensor[],
): Promise<Map<string, Float32Array>> {
  const fetched = new Map<string, Float32Array>();
  for (const [i, name] of names.entries()) {
    fetched.set(name, Float32Array.from(await tensors[i]!.data()));
  }
  for (const tensor of new Set(tensors)) tensor.dispose();
  return fetched;
}

function refuseUnknownTensors(graph: FloatGraph, tensors: readonly string[]): void {
  const known = new Set([...graph.inputs, ...graph.nodes].map(({ name }) => name));
  const unknown = tensors.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new InputError({
    code: 'CIRCUITS_UNKNOWN_TENSOR',
    what: 'the graph has no such tensor',
    got: unknown.join(', '),
    expected: [...known].slice(0, 20).join(', '),
  });
}
