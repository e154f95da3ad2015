import type { Pad2dOperator, TransposeOperator } from '../network.ts';
import { type LinearMap, noBias } from './linear-map.ts';

/** Every element itself, under another shape. */
export function reshapeMap(outputShape: readonly number[]): LinearMap {
  return { outputShape, terms: (element, visit) => visit(0, element, 1), bias: noBias };
}

/** Axis i of the output is axis permutation[i] of the input. */
export function transposeMap(
  { permutation }: TransposeOperator,
  [input]: readonly (readonly number[])[],
): LinearMap {
  const outputShape = permutation.map((axis) => input![axis]!);
  const inputStrides = stridesOf(input!);
  const outputStrides = stridesOf(outputShape);
  return {
    outputShape,
    terms(element, visit) {
      let rest = element;
      let source = 0;
      permutation.forEach((axis, i) => {
        const index = Math.floor(rest / outputStrides[i]!);
        rest -= index * outputStrides[i]!;
        source += index * inputStrides[axis]!;
      });
      visit(0, source, 1);
    },
    bias: noBias,
  };
}

/** The image's element, or nothing (zero) on the padding. */
export function pad2dMap(
  { padding }: Pad2dOperator,
  [input]: readonly (readonly number[])[],
): LinearMap {
  const [rows, columns, channels] = input as [number, number, number];
  const outputColumns = columns + padding.left + padding.right;
  return {
    outputShape: [rows + padding.top + padding.bottom, outputColumns, channels],
    terms(element, visit) {
      const channel = element % channels;
      const place = (element - channel) / channels;
      const column = (place % outputColumns) - padding.left;
      const row = Math.floor(place / outputColumns) - padding.top;
      if (row < 0 || row >= rows || column < 0 || column >= columns) return;
      visit(0, (row * columns + column) * channels + channel, 1);
    },
    bias: noBias,
  };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}
