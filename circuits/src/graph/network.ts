import type { Padding2d, Window2d } from './float-graph.ts';

/**
 * The quantised network: operators on integer tensors, in evaluation order. It is the specification
 * that interpreter, circuit and proofs follow; its canonical file is written by `network-file.ts`.
 *
 * A tensor holds integers q within a static range, standing for the reals scale · q. There are no
 * zero points. Images are [height, width, channels]; there is no batch.
 */

/**
 * output[j] = Σ_i weights[i·units + j] · input[i] + bias[j]. Weights of at most 16 bits, biases
 * safe integers.
 */
export interface DenseOperator {
  readonly kind: 'dense';
  readonly units: number;
  readonly weights: Int16Array;
  readonly bias: Float64Array;
}

/** Cross-correlation with zero padding; kernel [rows, columns, inputs / groups, outputs]. */
export interface Conv2dOperator extends Window2d {
  readonly kind: 'conv2d';
  readonly dilations: readonly [number, number];
  readonly groups: number;
  readonly outputChannels: number;
  readonly kernel: Int16Array;
  readonly bias: Float64Array;
}

/** weights[c] · x + bias[c], c the index on the last axis. */
export interface AffineOperator {
  readonly kind: 'affine';
  readonly weights: Int16Array;
  readonly bias: Float64Array;
}

/**
 * Sum over each window, weighted so that it stands for the mean: an output whose window covers n
 * elements (padding left out) has weights lcm / n, lcm the least common multiple of all such n in
 * the layer. The scale takes the division by lcm.
 */
export interface AveragePool2dOperator extends Window2d {
  readonly kind: 'averagePool2d';
}

/** Maximum over each window, padding left out. */
export interface MaxPool2dOperator extends Window2d {
  readonly kind: 'maxPool2d';
}

/**
 * Σ multipliers[i] · inputs[i], element by element; multipliers, safe integers and none of them 0,
 * bring the inputs to one scale.
 */
export interface AddOperator {
  readonly kind: 'add';
  readonly multipliers: readonly number[];
}

/** Inputs one after the other along an axis, each times its multiplier. */
export interface ConcatOperator {
  readonly kind: 'concat';
  readonly axis: number;
  readonly multipliers: readonly number[];
}

/** Same elements, same order, another shape. */
export interface ReshapeOperator {
  readonly kind: 'reshape';
  readonly shape: readonly number[];
}

/** Axis i of the output is axis permutation[i] of the input. */
export interface TransposeOperator {
  readonly kind: 'transpose';
  readonly permutation: readonly number[];
}

/** Zeros around an image. */
export interface Pad2dOperator {
  readonly kind: 'pad2d';
  readonly padding: Padding2d;
}

/**
 * clamp(floor((x · m + round) / 2^shift), lo, hi) with round = 2^(shift−1), or 0 for shift 0; m
 * positive and below 2^31, one for all or one for each index of the last axis. shift ≤ 61, lo < hi,
 * both within ± (2^31 − 1).
 */
export interface RequantizeOperator {
  readonly kind: 'requantize';
  readonly multipliers: readonly number[];
  readonly shift: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * x · 2^shift for x ≥ 0, else x · slope: leaky ReLU of slope `slope / 2^shift`, exactly.
 * 0 ≤ slope < 2^shift, 1 ≤ shift ≤ 30.
 */
export interface LeakyReluOperator {
  readonly kind: 'leakyRelu';
  readonly slope: number;
  readonly shift: number;
}

/**
 * table[x − lo] for an input whose static range lies in [lo, lo + table.length − 1]; length a power
 * of two from 2 to 256, entries within ± (2^31 − 1).
 */
export interface TableOperator {
  readonly kind: 'table';
  readonly lo: number;
  readonly table: readonly number[];
}

/**
 * Index of the largest element of a flattened tensor, the lowest such index on ties; output [1].
 */
export interface ArgmaxOperator {
  readonly kind: 'argmax';
}

/** Operators that are Σ w·x + b: they cost no rows of their own. */
export type LinearOperator =
  | DenseOperator
  | Conv2dOperator
  | AffineOperator
  | AveragePool2dOperator
  | AddOperator
  | ConcatOperator
  | ReshapeOperator
  | TransposeOperator
  | Pad2dOperator;

export type NonlinearOperator =
  | RequantizeOperator
  | MaxPool2dOperator
  | LeakyReluOperator
  | TableOperator
  | ArgmaxOperator;

export type NetworkOperation = LinearOperator | NonlinearOperator;

/** A tensor's static facts; lo and hi bound all its elements on every admissible input. */
export interface TensorInfo {
  readonly shape: readonly number[];
  /** Real value = scale · integer. 1 for an argmax. */
  readonly scale: number;
  readonly lo: bigint;
  readonly hi: bigint;
}

/** One operator with its place. Its output tensor has the node's name. */
export interface NetworkNode {
  readonly name: string;
  readonly operation: NetworkOperation;
  readonly inputs: readonly string[];
}

/** What turns a picture's bytes into the float model's reals: byte · scale + offset. */
export interface ImagePreprocessing {
  readonly scale: number;
  readonly offset: number;
}

/**
 * An input: reals become floor(x / scale + 0.5), clamped to [lo, lo + 2^bits − 1], a range of
 * 32-bit signed integers.
 */
export interface NetworkInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly lo: number;
  readonly bits: number;
  readonly image?: ImagePreprocessing;
}

/** How the reals of an output are to be read. */
export type OutputMeaning = 'logits' | 'argmax' | 'activation';

export interface NetworkOutput {
  /** The float model's name for this output. */
  readonly name: string;
  readonly tensor: string;
  readonly meaning: OutputMeaning;
  /**
   * The float model ended in softmax here: probabilities follow from the logits, outside the proof.
   */
  readonly softmax: boolean;
  readonly labels?: readonly string[];
}

export interface Network {
  readonly name: string;
  readonly inputs: readonly NetworkInput[];
  readonly nodes: readonly NetworkNode[];
  readonly outputs: readonly NetworkOutput[];
  /** Of every input and every node's output, by name. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}
