import type { MaxPool2dOperator } from '../graph/network.ts';
import type { LoweredNode } from './lower-plan.ts';

/**
 * Moves max pooling with disjoint windows before the requantisation that it reads. Both orders give
 * the same integers, as requantisation with one multiplier is monotone. But a comparison costs
 * about as many rows as a requantisation, and of n sums n − 1 comparisons leave a single one to
 * requantise. The requantisation takes over the pooling's name.
 * @param outputs tensors that must stay
 */
export function commuteMaxPooling(
  nodes: readonly LoweredNode[],
  outputs: readonly string[],
): LoweredNode[] {
  const readers = readersOf(nodes, outputs);
  const names = new Set(nodes.map(({ name }) => name));
  const result: LoweredNode[] = [];
  for (const node of nodes) {
    const before = result.find(({ name }) => name === node.inputs[0]);
    if (before === undefined || !commutes(before, node) || readers.get(before.name) !== 1) {
      result.push(node);
      continue;
    }
    const name = freshName(`${node.name}/sums`, names);
    const source = nodes.find((candidate) => candidate.name === before.inputs[0]);
    const scale = source?.scale ?? before.scale;
    result.splice(result.indexOf(before), 1);
    result.push({ name, operation: node.operation, inputs: before.inputs, scale });
    result.push({ ...before, name: node.name, inputs: [name] });
  }
  return result;
}

function commutes({ operation }: LoweredNode, pooling: LoweredNode): boolean {
  if (operation.kind !== 'requantize' || operation.multipliers.length !== 1) return false;
  return pooling.operation.kind === 'maxPool2d' && hasDisjointWindows(pooling.operation);
}

function hasDisjointWindows({ size, strides }: MaxPool2dOperator): boolean {
  return strides[0] >= size[0] && strides[1] >= size[1];
}

function readersOf(
  nodes: readonly LoweredNode[],
  outputs: readonly string[],
): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  return readers;
}

function freshName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let i = 2; names.has(name); i++) name = `${wanted}-${i}`;
  names.add(name);
  return name;
}
