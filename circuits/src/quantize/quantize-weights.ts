import { InputError } from '@zkinfer/core';
import type { AffineOperator, Conv2dOperator, DenseOperator } from '../graph/network.ts';
import type { WeightedOperation } from './quantization-plan.ts';

/** An operator with integer weights, and the real value of one unit of its sums. */
export interface QuantizedLayer {
  readonly operator: DenseOperator | Conv2dOperator | AffineOperator;
  readonly scale: number;
}

/** Biases take at most about this many bits: finer sums would be wide for nothing. */
const BIAS_BITS = 31;

/** The weights of an operator, whatever it calls them. */
export function weightsOf(operation: WeightedOperation): Float32Array {
  switch (operation.kind) {
    case 'dense':
      return operation.weights;
    case 'conv2d':
      return operation.kernel;
    case 'affine':
      return operation.scale;
  }
}

/** The offsets of an operator, whatever it calls them. */
export function biasOf(operation: WeightedOperation): Float32Array {
  return operation.kind === 'affine' ? operation.offset : operation.bias;
}

/** How many inputs each sum has. */
export function fanIn(operation: WeightedOperation): number {
  return weightsOf(operation).length / biasOf(operation).length;
}

/**
 * The finest scale for the sums of a layer at which its largest weight still fits: s_in · s_w with
 * max|w| / s_w ≤ 2^(bits−1) − 1. Given a grid it is a power of two times that, so that a shift
 * leads to the grid's scale.
 */
export function accumulatorScale(
  operation: WeightedOperation,
  inputScale: number,
  bits: number,
  grid: number | undefined,
): number {
  const limit = 2 ** (bits - 1) - 1;
  const largestWeight = largest(weightsOf(operation));
  const finest = Math.max(
    (largestWeight * inputScale) / (grid === undefined ? limit : limit + 0.499),
    largest(biasOf(operation)) / 2 ** BIAS_BITS,
  );
  if (grid === undefined) return finest > 0 ? finest : inputScale;
  return finest > 0 ? grid * 2 ** Math.ceil(Math.log2(finest / grid)) : grid;
}

/**
 * Weights and biases rounded to integers: w ≈ w_q · scale / inputScale, b ≈ b_q · scale.
 * @throws InputError CIRCUITS_WEIGHTS_NOT_FINITE.
 */
export function quantizeLayer(
  layer: string,
  operation: WeightedOperation,
  inputScale: number,
  scale: number,
): QuantizedLayer {
  requireFinite(layer, weightsOf(operation));
  requireFinite(layer, biasOf(operation));
  const step = scale / inputScale;
  const weights = Int16Array.from(weightsOf(operation), (w) => Math.floor(w / step + 0.5));
  const bias = Float64Array.from(biasOf(operation), (b) => Math.floor(b / scale + 0.5));
  return { operator: integerOperator(operation, weights, bias), scale };
}

function integerOperator(
  operation: WeightedOperation,
  weights: Int16Array,
  bias: Float64Array,
): QuantizedLayer['operator'] {
  switch (operation.kind) {
    case 'dense':
      return { ...operation, weights, bias };
    case 'conv2d':
      return { ...operation, kernel: weights, bias };
    case 'affine':
      return { kind: 'affine', weights, bias };
  }
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function requireFinite(layer: string, values: Float32Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new InputError({
    code: 'CIRCUITS_WEIGHTS_NOT_FINITE',
    what: `weight ${index} of layer ${layer} is not a finite number`,
    got: `${values[index]}`,
  });
}
