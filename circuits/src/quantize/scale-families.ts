import { averagingDivisor } from '../graph/linear/average-pool2d-map.ts';
import type { QuantizationPlan } from './quantization-plan.ts';

/**
 * Families of tensors whose scales must agree up to powers of two: those joined by requantisations
 * (whose rescaling is a shift), pooling, additions and the like, but not through weights, whose own
 * scale makes up for any ratio.
 */
export interface ScaleFamilies {
  /** The name of the family. */
  familyOf(tensor: string): string;
  /**
   * scale(tensor) = ratio · base · 2^e, base the same in the whole family, e any integer of the
   * tensor's own.
   */
  ratioOf(tensor: string): number;
}

interface Link {
  readonly parent: string;
  /** Scale of the tensor over that of its parent, powers of two left aside. */
  readonly ratio: number;
}

/** Works out the families of a plan: a union-find whose links carry ratios. */
export function scaleFamilies(plan: QuantizationPlan): ScaleFamilies {
  const links = new Map<string, Link>();
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of plan.inputs) shapes.set(name, shape);
  for (const { name, step, inputs, shape } of plan.nodes) {
    shapes.set(name, shape);
    if (step.kind === 'weighted' || step.kind === 'table' || step.kind === 'argmax') continue;
    const [rows, columns] = shapes.get(inputs[0]!)! as [number, number];
    const averages = step.kind === 'carry' && step.operation.kind === 'averagePool2d';
    const ratio = averages ? 1 / averagingDivisor(step.operation, [rows, columns]) : 1;
    for (const input of inputs) join(links, name, input, ratio);
  }
  return {
    familyOf: (tensor) => rootOf(links, tensor).parent,
    ratioOf: (tensor) => rootOf(links, tensor).ratio,
  };
}

function rootOf(links: ReadonlyMap<string, Link>, tensor: string): Link {
  let root: Link = { parent: tensor, ratio: 1 };
  for (;;) {
    const next = links.get(root.parent);
    if (next === undefined) return root;
    root = { parent: next.parent, ratio: root.ratio * next.ratio };
  }
}

/**
 * Notes scale(output) = ratio · scale(input); where both are in one family already, the first note
 * stands.
 */
function join(links: Map<string, Link>, output: string, input: string, ratio: number): void {
  const from = rootOf(links, output);
  const to = rootOf(links, input);
  if (from.parent === to.parent) return;
  links.set(from.parent, { parent: to.parent, ratio: (ratio * to.ratio) / from.ratio });
}
