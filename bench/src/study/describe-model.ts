/** What is counted of a model: its size, and predictions that quantising changed. */
import {
  type Circuit,
  evaluateNetwork,
  type FloatGraph,
  loadTensorflow,
  type Network,
  runFloatGraph,
} from '@zkinfer/circuits';
import type { BenchModel, LoadedModel } from '../models/bench-model.ts';
import { elementsOf } from './study-files.ts';
import type { Accuracy, StudyModel } from './study-run.ts';

/** Operators with rows of their own. */
const NONLINEAR = ['requantize', 'maxPool2d', 'leakyRelu', 'table', 'argmax'];

/** The model with its sizes, and the accuracy where it has test data. */
export async function describeModel(model: BenchModel, { network }: Circuit): Promise<StudyModel> {
  const { name, title, weights, ladder } = model;
  const loaded = await model.load();
  return {
    name,
    title,
    weights,
    ladder,
    parameters: parameterCount(loaded.graph),
    activations: activationCount(network),
    accuracy: await accuracyOf(loaded, network),
  };
}

/** Weights and biases. */
export function parameterCount({ nodes }: FloatGraph): number {
  return nodes.reduce((sum, { operation }) => {
    switch (operation.kind) {
      case 'dense':
        return sum + operation.weights.length + operation.bias.length;
      case 'conv2d':
        return sum + operation.kernel.length + operation.bias.length;
      case 'affine':
        return sum + operation.scale.length + operation.offset.length;
      default:
        return sum;
    }
  }, 0);
}

function activationCount({ nodes, tensors }: Network): number {
  return nodes
    .filter(({ operation }) => NONLINEAR.includes(operation.kind))
    .reduce((sum, { name }) => sum + elementsOf(tensors.get(name)!), 0);
}

async function accuracyOf(
  { graph, test }: LoadedModel,
  network: Network,
): Promise<Accuracy | null> {
  if (test === undefined) return null;
  const { samples, inputs, labels } = test;
  const { tf } = await loadTensorflow();
  const outputs = await runFloatGraph(tf, graph, [inputs], { tensors: graph.outputs });
  const floatOutputs = outputs.get(graph.outputs[0]!)!;
  const report = evaluateNetwork(network, { samples, inputs: [inputs], floatOutputs, labels });
  const correct = (share: number | undefined) => Math.round(share! * samples);
  return {
    samples,
    floatCorrect: correct(report.floatAccuracy),
    integerCorrect: correct(report.integerAccuracy),
    changed: report.changed,
  };
}
