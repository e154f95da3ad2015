/**
 * The float network after import, before quantisation: a list of operators in evaluation order over
 * named tensors. Shapes leave out the batch; images are [height, width, channels].
 *
 * Import normalises: fused activations stand alone, batch normalisation is `affine`, ReLU and ReLU6
 * are `clip`, hard sigmoid is `affine` then `clip`, a separable convolution is two convolutions, a
 * one-dimensional one is two-dimensional between reshapes, global pooling is pooling over the whole
 * map, dropout is gone.
 */

/** Rows and columns added around an image. */
export interface Padding2d {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The window of a pooling operator or kernel as it slides over an image. */
export interface Window2d {
  /** [rows, columns]. */
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding2d;
}

/** output[j] = Σ_i weights[i·units + j] · input[i] + bias[j]; input [n], output [units]. */
export interface FloatDense {
  readonly kind: 'dense';
  readonly units: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Cross-correlation; kernel [rows, columns, inputs / groups, outputs], output channel c in group
 * ⌊c · groups / outputs⌋.
 */
export interface FloatConv2d extends Window2d {
  readonly kind: 'conv2d';
  readonly dilations: readonly [number, number];
  readonly groups: number;
  readonly outputChannels: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** scale[c] · x + offset[c], c the index on the last axis. */
export interface FloatAffine {
  readonly kind: 'affine';
  readonly scale: Float32Array;
  readonly offset: Float32Array;
}

/** Maximum or mean over each window; what the padding adds is left out (not counted in means). */
export interface FloatPool2d extends Window2d {
  readonly kind: 'maxPool2d' | 'averagePool2d';
}

/** min(max(x, min), max); ReLU is [0, ∞), ReLU6 [0, 6]. */
export interface FloatClip {
  readonly kind: 'clip';
  readonly min: number;
  readonly max: number;
}

/** x for x ≥ 0, else slope · x; 0 ≤ slope < 1. */
export interface FloatLeakyRelu {
  readonly kind: 'leakyRelu';
  readonly slope: number;
}

/** An activation that becomes a table. */
export interface FloatTable {
  readonly kind: 'sigmoid' | 'tanh';
}

/** Softmax over the last axis; only as the last operator before an output. */
export interface FloatSoftmax {
  readonly kind: 'softmax';
}

/** Sum of all inputs, equal shapes. */
export interface FloatAdd {
  readonly kind: 'add';
}

/** Inputs one after the other along `axis` (≥ 0, batch not counted). */
export interface FloatConcat {
  readonly kind: 'concat';
  readonly axis: number;
}

/** Same elements in the same order; flatten is one of these. */
export interface FloatReshape {
  readonly kind: 'reshape';
}

/** Zeros around an image. */
export interface FloatPad2d {
  readonly kind: 'pad2d';
  readonly padding: Padding2d;
}

/** All operators of a float graph. */
export type FloatOperation =
  | FloatDense
  | FloatConv2d
  | FloatAffine
  | FloatPool2d
  | FloatClip
  | FloatLeakyRelu
  | FloatTable
  | FloatSoftmax
  | FloatAdd
  | FloatConcat
  | FloatReshape
  | FloatPad2d;

/** One operator with its place in the graph. */
export interface FloatNode {
  /**
   * Unique; the layer's name, with a suffix where a layer becomes several nodes (`conv1`,
   * `conv1/relu`).
   */
  readonly name: string;
  /** The layer that it came from, as the model file names it. */
  readonly layer: string;
  readonly operation: FloatOperation;
  /**
   * Names of tensors: graph inputs or outputs of earlier nodes. A node's output tensor has the
   * node's name.
   */
  readonly inputs: readonly string[];
  readonly outputShape: readonly number[];
}

/** A graph input: name and shape without batch. */
export interface FloatInput {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A whole model. */
export interface FloatGraph {
  readonly name: string;
  readonly inputs: readonly FloatInput[];
  /** In evaluation order. */
  readonly nodes: readonly FloatNode[];
  /** Names of the tensors that are outputs, in the model's order. */
  readonly outputs: readonly string[];
}
