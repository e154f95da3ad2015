import { type IntegerArray, isWide } from './integer-array.ts';
import type { MaxPool2dOperator } from './network.ts';
import { elementCount } from './shape.ts';
import { forEachPosition } from './window-positions.ts';

/**
 * Maximum over each window's positions on the image; padding can make more windows than there are
 * elements.
 */
export function maxPool(
  window: MaxPool2dOperator,
  inputShape: readonly number[],
  outputShape: readonly number[],
  input: IntegerArray,
): IntegerArray {
  const [rows, columns, channels] = inputShape as [number, number, number];
  const count = elementCount(outputShape);
  const output = isWide(input) ? new BigInt64Array(count) : new Float64Array(count);
  for (let element = 0; element < output.length; element++) {
    let greatest: number | bigint | undefined;
    forEachPooled(window, [rows, columns, channels], outputShape, element, (index) => {
      const value = input[index]!;
      if (greatest === undefined || value > greatest) greatest = value;
    });
    output[element] = greatest!;
  }
  return output;
}

/** Visits the input elements under one output element of a pooling operator. */
export function forEachPooled(
  window: MaxPool2dOperator,
  [rows, columns, channels]: readonly [number, number, number],
  outputShape: readonly number[],
  element: number,
  visit: (index: number) => void,
): void {
  const channel = element % channels;
  const place = (element - channel) / channels;
  const at = [Math.floor(place / outputShape[1]!), place % outputShape[1]!] as const;
  forEachPosition(window, [rows, columns], at, [1, 1], (_kr, _kc, row, column) => {
    visit((row * columns + column) * channels + channel);
  });
}
