import type { Window2d } from './float-graph.ts';

/** Number of elements of a tensor: the product of its dimensions, 1 for none. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The largest extent along each axis that a window with dilation covers. */
function span(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/**
 * [rows, columns] of what a sliding window makes of an image:
 * ⌊(extent + padding − span) / stride⌋ + 1 on each axis.
 */
export function windowedSize(
  [rows, columns]: readonly [number, number],
  window: Window2d,
  dilations: readonly [number, number] = [1, 1],
): [number, number] {
  const { size, strides, padding } = window;
  const height = rows + padding.top + padding.bottom - span(size[0], dilations[0]);
  const width = columns + padding.left + padding.right - span(size[1], dilations[1]);
  return [Math.floor(height / strides[0]) + 1, Math.floor(width / strides[1]) + 1];
}

/** The last dimension of a shape: its channels. */
export function channelsOf(shape: readonly number[]): number {
  return shape[shape.length - 1] ?? 1;
}
