import { InputError } from '@zkinfer/core';
import { argmax } from '../graph/argmax.ts';
import type { Network, NetworkOutput } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import type { Trace } from '../interpret/interpret.ts';

/** How many classes an output tells apart, and how to read one from a run. */
export interface ClassReader {
  readonly classes: number;
  readonly classOf: (trace: Trace) => number;
}

/**
 * How classes are read from an output of an integer network: an argmax is one; of several elements
 * the largest counts; a single logit is compared with 0, a single value of a table with the middle
 * of the table's range (a sigmoid's 1/2, a tanh's 0).
 * @throws InputError CIRCUITS_NO_CLASSES for a single element that is neither
 */
export function classReader(network: Network, output: NetworkOutput): ClassReader {
  const { tensor, meaning, name } = output;
  const node = network.nodes.find((candidate) => candidate.name === tensor);
  if (node?.operation.kind === 'argmax') {
    const classes = elementCount(network.tensors.get(node.inputs[0]!)!.shape);
    return { classes, classOf: (trace) => Number(trace.get(tensor)![0]) };
  }
  const elements = elementCount(network.tensors.get(tensor)!.shape);
  if (elements > 1) return { classes: elements, classOf: (trace) => argmax(trace.get(tensor)!) };
  if (meaning === 'logits') return thresholdReader(tensor, 0);
  if (node?.operation.kind === 'table') {
    const { table } = node.operation;
    return thresholdReader(tensor, (Math.min(...table) + Math.max(...table)) / 2);
  }
  throw new InputError({
    code: 'CIRCUITS_NO_CLASSES',
    what: `output ${name} is a single number that stands for no class`,
    hint: 'Predictions are compared for classifiers only.',
  });
}

function thresholdReader(tensor: string, threshold: number): ClassReader {
  return { classes: 2, classOf: (trace) => (Number(trace.get(tensor)![0]) > threshold ? 1 : 0) };
}
