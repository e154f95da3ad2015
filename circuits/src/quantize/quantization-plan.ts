import { InputError } from '@zkinfer/core';
import type { Decision } from '../evaluate/decision.ts';
import type {
  FloatAdd,
  FloatAffine,
  FloatConcat,
  FloatConv2d,
  FloatDense,
  FloatGraph,
  FloatInput,
  FloatNode,
  FloatPad2d,
  FloatPool2d,
  FloatReshape,
} from '../graph/float-graph.ts';
import { averagingDivisor } from '../graph/linear/average-pool2d-map.ts';
import type { OutputMeaning } from '../graph/network.ts';
import { elementCount } from '../graph/shape.ts';
import { saturationBound } from './activation-table.ts';

/**
 * An operator with weights of its own: its sums need a requantisation before the next such
 * operator.
 */
export type WeightedOperation = FloatDense | FloatConv2d | FloatAffine;

/** An operator that hands on what it gets, sums or n-bit values alike. */
export type CarryOperation = FloatPool2d | FloatReshape | FloatPad2d | FloatAdd | FloatConcat;

/** Back to n bits, values outside the reals [min, max] clamped. */
export interface RequantizeStep {
  readonly kind: 'requantize';
  readonly min: number;
  readonly max: number;
  readonly bits: number;
}

export type PlannedStep =
  | { readonly kind: 'weighted'; readonly operation: WeightedOperation }
  | { readonly kind: 'carry'; readonly operation: CarryOperation }
  | { readonly kind: 'leakyRelu'; readonly slope: number }
  | { readonly kind: 'table'; readonly activation: 'sigmoid' | 'tanh' }
  | { readonly kind: 'argmax' }
  | RequantizeStep;

/** One operator of the network to be, its scales still open. */
export interface PlannedNode {
  readonly name: string;
  /** The model's layer that it serves. */
  readonly layer: string;
  readonly step: PlannedStep;
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  /** The float tensor that its output stands for. */
  readonly float: string;
}

export interface PlannedOutput {
  /** The model's name for it. */
  readonly name: string;
  readonly tensor: string;
  readonly meaning: OutputMeaning;
  readonly softmax: boolean;
  /** What predictions are read from: `tensor`, or what an argmax takes. */
  readonly scores: string;
  /** How a class follows from the scores; undefined if none does. */
  readonly decision: Decision | undefined;
}

/** Which integer operators stand for a float graph: everything but numbers. */
export interface QuantizationPlan {
  readonly inputs: readonly FloatInput[];
  readonly nodes: readonly PlannedNode[];
  readonly outputs: readonly PlannedOutput[];
}

const MAX_TABLE_BITS = 8;
/**
 * Averaging by a larger common divisor (borders of padded pooling) makes n-bit values as wide as
 * sums of products.
 */
const MAX_CARRIED_DIVISOR = 256;
/** Last operators that logits and argmax leave out: they keep the order of the classes. */
const MONOTONE_ENDS = new Set(['softmax', 'sigmoid', 'tanh']);

/**
 * Places the requantisations. An activation is one. Sums of products that reach another weighted
 * operator without an activation in between get one of their own, after whatever carries them
 * there; pooling, additions and the like work on sums and n-bit values alike. Sums that are outputs
 * stay exact.
 * @throws InputError CIRCUITS_SOFTMAX_NOT_LAST, CIRCUITS_SOFTMAX_OUTPUT, CIRCUITS_ARGMAX_OF_ONE.
 */
export function planQuantization(
  graph: FloatGraph,
  activationBits: number,
  output?: OutputMeaning,
): QuantizationPlan {
  const builder = new PlanBuilder(graph, activationBits);
  for (const node of graph.nodes) builder.add(node);
  const outputs = graph.outputs.map((name) => builder.addOutput(name, output));
  const kept = needed(builder.nodes, outputs);
  return {
    inputs: graph.inputs,
    nodes: builder.nodes.filter(({ name }) => kept.has(name)),
    outputs,
  };
}

class PlanBuilder {
  readonly nodes: PlannedNode[] = [];
  readonly #bits: number;
  readonly #float = new Map<string, FloatNode>();
  readonly #shapes = new Map<string, readonly number[]>();
  /** Tensors of sums of products, not requantised since. */
  readonly #sums = new Set<string>();
  readonly #requantized = new Map<string, string>();
  readonly #names = new Set<string>();

  constructor(graph: FloatGraph, bits: number) {
    this.#bits = bits;
    for (const { name, shape } of graph.inputs) this.#shapes.set(name, shape);
    for (const node of graph.nodes) {
      this.#float.set(node.name, node);
      this.#shapes.set(node.name, node.outputShape);
    }
    for (const name of this.#shapes.keys()) this.#names.add(name);
  }

  add(node: FloatNode): void {
    const { operation, name } = node;
    this.#requireNoSoftmax(node);
    switch (operation.kind) {
      case 'softmax':
        return;
      case 'dense':
      case 'conv2d':
      case 'affine':
        this.#push(node, name, { kind: 'weighted', operation }, [this.#narrow(node)]);
        this.#sums.add(name);
        return;
      case 'clip':
        this.#push(node, name, this.#requantize(operation.min, operation.max), node.inputs);
        return;
      case 'leakyRelu': {
        const slope = this.#fresh(`${name}/slope`);
        this.#push(node, slope, { kind: 'leakyRelu', slope: operation.slope }, node.inputs);
        this.#push(node, name, this.#requantize(), [slope]);
        return;
      }
      case 'sigmoid':
      case 'tanh':
        this.#addTable(node, operation.kind);
        return;
      default:
        this.#push(node, name, { kind: 'carry', operation }, node.inputs);
        if (node.inputs.some((input) => this.#sums.has(input)) || this.#widens(node)) {
          this.#sums.add(name);
        }
    }
  }

  #widens({ operation, inputs }: FloatNode): boolean {
    if (operation.kind !== 'averagePool2d') return false;
    const [rows, columns] = this.#shapes.get(inputs[0]!)! as [number, number];
    return averagingDivisor(operation, [rows, columns]) > MAX_CARRIED_DIVISOR;
  }

  addOutput(name: string, wanted: OutputMeaning | undefined): PlannedOutput {
    const softmax = this.#float.get(name)?.operation.kind === 'softmax';
    const meaning = wanted ?? (softmax ? 'logits' : 'activation');
    if (meaning === 'activation' && softmax) throw softmaxOutput(name);
    const scores = meaning === 'activation' ? name : this.#beforeMonotoneEnd(name);
    const decision = this.#decisionOn(name, scores);
    const tensor = meaning === 'argmax' ? this.#addArgmax(name, scores) : scores;
    return { name, tensor, scores, decision, meaning, softmax };
  }

  /**
   * Several elements are classes; a single one decides if a sigmoid or tanh made it, or was left
   * out after it.
   */
  #decisionOn(output: string, scores: string): Decision | undefined {
    if (elementCount(this.#shapes.get(scores)!) > 1) return { kind: 'largest' };
    const end = this.#float.get(output)?.operation.kind;
    if (end !== 'sigmoid' && end !== 'tanh') return undefined;
    const ofProbability = end === 'sigmoid' && scores === output;
    return { kind: 'above', threshold: ofProbability ? 0.5 : 0 };
  }

  #addArgmax(output: string, scores: string): string {
    if (elementCount(this.#shapes.get(scores)!) < 2) {
      throw new InputError({
        code: 'CIRCUITS_ARGMAX_OF_ONE',
        what: `output ${output} has one element, of which argmax says nothing`,
        hint: 'Ask for logits or activation.',
      });
    }
    const name = this.#fresh(`${scores}/argmax`);
    const layer = this.#float.get(scores)?.layer ?? scores;
    const step = { kind: 'argmax' } as const;
    this.nodes.push({ name, layer, step, inputs: [scores], shape: [1], float: scores });
    return name;
  }

  #addTable(node: FloatNode, activation: 'sigmoid' | 'tanh'): void {
    const [input] = node.inputs as [string];
    const domain = this.#fresh(`${node.name}/domain`);
    const bits = Math.min(this.#bits, MAX_TABLE_BITS);
    const bound = saturationBound(activation, this.#bits);
    const step = { ...this.#requantize(-bound, bound), bits };
    this.#push({ ...node, name: input }, domain, step, [input]);
    this.#push(node, node.name, { kind: 'table', activation }, [domain]);
  }

  /**
   * A node's only input in n bits or little more: itself, or requantised (once for all readers).
   */
  #narrow(node: FloatNode): string {
    const [input] = node.inputs as [string];
    if (!this.#sums.has(input)) return input;
    const known = this.#requantized.get(input);
    if (known !== undefined) return known;
    const name = this.#fresh(`${input}/requantize`);
    const { layer } = this.#float.get(input)!;
    this.nodes.push({
      name,
      layer,
      step: this.#requantize(),
      inputs: [input],
      shape: this.#shapes.get(input)!,
      float: input,
    });
    this.#requantized.set(input, name);
    return name;
  }

  #requantize(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): RequantizeStep {
    return { kind: 'requantize', min, max, bits: this.#bits };
  }

  /** Plans a node whose output stands for the tensor of `float.name`. */
  #push(float: FloatNode, name: string, step: PlannedStep, inputs: readonly string[]): void {
    const shape = this.#shapes.get(float.name)!;
    this.nodes.push({ name, layer: float.layer, step, inputs, shape, float: float.name });
  }

  #fresh(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#names.has(name); i++) name = `${wanted}-${i}`;
    this.#names.add(name);
    return name;
  }

  #beforeMonotoneEnd(name: string): string {
    const node = this.#float.get(name);
    return node && MONOTONE_ENDS.has(node.operation.kind) ? node.inputs[0]! : name;
  }

  #requireNoSoftmax({ name, inputs }: FloatNode): void {
    const softmax = inputs.find((input) => this.#float.get(input)?.operation.kind === 'softmax');
    if (softmax === undefined) return;
    throw new InputError({
      code: 'CIRCUITS_SOFTMAX_NOT_LAST',
      what: `${name} reads the softmax ${softmax}`,
      expected: 'softmax as the last layer only',
    });
  }
}

function softmaxOutput(name: string): InputError {
  return new InputError({
    code: 'CIRCUITS_SOFTMAX_OUTPUT',
    what: `output ${name} is a softmax, which is not computed inside the proof`,
    expected: 'logits or argmax',
    hint: 'Ask for logits: the probabilities follow from them outside the proof.',
  });
}

/** Names of the nodes that some output depends on. */
function needed(nodes: readonly PlannedNode[], outputs: readonly PlannedOutput[]): Set<string> {
  const kept = new Set(outputs.map(({ tensor }) => tensor));
  for (const node of [...nodes].reverse()) {
    if (kept.has(node.name)) for (const input of node.inputs) kept.add(input);
  }
  return kept;
}
