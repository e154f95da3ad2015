import type { Conv2dOperator, DenseOperator } from '../graph/network.ts';
import { windowedSize } from '../graph/shape.ts';

/**
 * Fast kernels for the two operators that do nearly all the work, in doubles. The caller guarantees
 * that no partial sum can leave the safe integers. Their slow twin is the operators' linear map.
 */

/** output[j] = Σ_i weights[i·units + j] · input[i] + bias[j], row by row so that weights stream. */
export function denseKernel(operator: DenseOperator, input: Float64Array): Float64Array {
  const { units, weights, bias } = operator;
  const output = Float64Array.from(bias);
  for (let i = 0; i < input.length; i++) {
    const x = input[i]!;
    if (x === 0) continue;
    const row = i * units;
    for (let j = 0; j < units; j++) output[j] = output[j]! + weights[row + j]! * x;
  }
  return output;
}

/**
 * Cross-correlation, one output pixel at a time: for each covered element, all output channels of
 * its group.
 */
export function conv2dKernel(
  operator: Conv2dOperator,
  [rows, columns, channels]: readonly [number, number, number],
  input: Float64Array,
): Float64Array {
  const [outputRows, outputColumns] = windowedSize([rows, columns], operator, operator.dilations);
  const output = new Float64Array(outputRows * outputColumns * operator.outputChannels);
  for (let row = 0; row < outputRows; row++) {
    for (let column = 0; column < outputColumns; column++) {
      const pixel = (row * outputColumns + column) * operator.outputChannels;
      output.set(operator.bias, pixel);
      addWindow(operator, [rows, columns, channels], input, [row, column], output, pixel);
    }
  }
  return output;
}

function addWindow(
  operator: Conv2dOperator,
  [rows, columns, channels]: readonly [number, number, number],
  input: Float64Array,
  [outputRow, outputColumn]: readonly [number, number],
  output: Float64Array,
  pixel: number,
): void {
  const { size, strides, dilations, padding, kernel, groups, outputChannels } = operator;
  const groupInputs = channels / groups;
  const groupOutputs = outputChannels / groups;
  for (let kernelRow = 0; kernelRow < size[0]; kernelRow++) {
    const row = outputRow * strides[0] - padding.top + kernelRow * dilations[0];
    if (row < 0 || row >= rows) continue;
    for (let kernelColumn = 0; kernelColumn < size[1]; kernelColumn++) {
      const column = outputColumn * strides[1] - padding.left + kernelColumn * dilations[1];
      if (column < 0 || column >= columns) continue;
      const tap = (kernelRow * size[1] + kernelColumn) * groupInputs;
      const source = (row * columns + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const x = input[source + channel]!;
        if (x === 0) continue;
        const group = Math.floor(channel / groupInputs);
        const first = group * groupOutputs;
        const weights = (tap + channel - group * groupInputs) * outputChannels + first;
        for (let i = 0; i < groupOutputs; i++) {
          const at = pixel + first + i;
          output[at] = output[at]! + kernel[weights + i]! * x;
        }
      }
    }
  }
}
